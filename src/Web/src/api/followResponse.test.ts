import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, ConnectionError } from './errors';
import { followResponse } from './followResponse';
import type { StreamEvent } from './wire';

const create = { model: 'gpt-5', input: 'Hi', conversation: 'conv_1' };
const about = (status: 'in_progress' | 'completed') => ({ id: 'resp_1', status, output: [] });
const delta = (sequence_number: number, text: string): StreamEvent => ({ type: 'response.output_text.delta', sequence_number, delta: text });
const whole: StreamEvent[] = [
  { type: 'response.created', sequence_number: 0, response: about('in_progress') },
  delta(1, 'Grüße'),
  delta(2, ', 👋'),
  delta(3, '!'),
  { type: 'response.completed', sequence_number: 4, response: about('completed') },
];
const after = (last: number) => whole.filter((event) => event.sequence_number > last);

const bytesOf = (events: StreamEvent[]) =>
  new TextEncoder().encode(events.map((event) => `id: ${event.sequence_number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
const stream = (events: StreamEvent[]) => new Response(bytesOf(events));
const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));
const refused = (status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ error: { message: 'No.', code: 'nope' } }), { status, headers });

const inEightSeconds = () => new Date(Date.now() + 8000).toUTCString();

/** A connection that delivers these bytes and then breaks. */
function torn(bytes: Uint8Array): Response {
  let isDelivered = false;
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (isDelivered || bytes.length === 0) controller.error(new TypeError('network error'));
        else controller.enqueue(bytes);
        isDelivered = true;
      },
    }),
  );
}

/** A connection that stands until the page ends it. */
function standing(events: StreamEvent[], signal: AbortSignal): Response {
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytesOf(events));
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    }),
  );
}

type Answer = (signal: AbortSignal) => Response | Promise<Response>;
let answers: Answer[];
let requests: string[];
let times: number[];
let received: StreamEvent[];
let connected: boolean[];
let connection: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  [answers, requests, times, received, connected] = [[], [], [], [], []];
  connection = new AbortController();
  vi.stubGlobal('fetch', async (path: string, { method, signal }: { method: string; signal: AbortSignal }) => {
    requests.push(`${method} ${path}`);
    times.push(Date.now());
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer!(signal);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function follow(source: typeof create | string): Promise<void> {
  const reader = { onEvents: (events: StreamEvent[]) => received.push(...events), onReconnecting: (lost: boolean) => connected.push(!lost) };
  const following = followResponse(source, reader, connection.signal);
  following.catch(() => {}); // Looked at below, after the time has passed.
  await vi.runAllTimersAsync();
  return following;
}

const pauses = () => times.slice(1).map((time, index) => time - times[index]!);

describe('followResponse', () => {
  it('neither repeats nor loses an event, wherever the stream is cut', async () => {
    const bytes = bytesOf(whole);
    for (let cut = bytesOf(whole.slice(0, 1)).length; cut < bytes.length; cut++) {
      [requests, received] = [[], []];
      const seen = new TextDecoder().decode(bytes.slice(0, cut)).split('\n\n').length - 2;
      answers = [() => torn(bytes.slice(0, cut)), () => stream(after(seen))];
      await follow(create);
      expect(received).toEqual(whole);
      expect(requests).toEqual(['POST /v1/responses', `GET /v1/responses/resp_1?stream=true&starting_after=${seen}`]);
    }
  });

  it('takes up a stream that ends before the answer does', async () => {
    answers = [() => stream(whole.slice(0, 2)), () => stream(after(1))];
    await follow(create);
    expect(received).toEqual(whole);
    expect(connected).toEqual([true, false, true]);
  });

  it('passes over what it has seen already', async () => {
    answers = [() => stream(whole.slice(0, 3)), () => stream([...whole.slice(1, 4), ...whole])];
    await follow(create);
    expect(received).toEqual(whole);
  });

  it('reads a response that is there already from its first event', async () => {
    answers = [() => torn(new Uint8Array()), () => stream(whole)];
    await follow('resp_1');
    expect(received).toEqual(whole);
    expect(requests).toEqual(Array(2).fill('GET /v1/responses/resp_1?stream=true'));
  });

  it('hears of an error in the stream that the connection is of no use any more', async () => {
    const error: StreamEvent = { type: 'error', sequence_number: 0, code: 'shutting_down', message: 'The server is shutting down.' };
    answers = [() => stream([...whole.slice(0, 2), error]), () => stream(after(1))];
    await follow(create);
    expect(received).toEqual(whole);
  });

  it('does not create a response a second time', async () => {
    answers = [unreachable];
    await expect(follow(create)).rejects.toThrow(ConnectionError);
    answers = [() => stream([])];
    await expect(follow(create)).rejects.toThrow('ended the connection');
    expect(requests).toEqual(Array(2).fill('POST /v1/responses'));
  });

  it('gives up when the server says that there is nothing to follow', async () => {
    answers = [() => stream(whole.slice(0, 2)), () => refused(404)];
    await expect(follow(create)).rejects.toMatchObject({ status: 404 } satisfies Partial<ApiError>);
    expect(received).toEqual(whole.slice(0, 2));
    expect(requests).toHaveLength(2);
  });

  it('tries at once, then after growing pauses of at most five seconds, and at once again after progress', async () => {
    answers = [
      () => stream(whole.slice(0, 2)), unreachable, () => refused(502), () => refused(503), unreachable, () => stream([]), unreachable,
      () => stream(after(1).slice(0, 1)), () => stream(after(2)),
    ];
    vi.spyOn(Math, 'random').mockReturnValue(1);
    await follow(create);
    expect(received).toEqual(whole);
    expect(pauses()).toEqual([0, 1000, 2000, 4000, 5000, 5000, 5000, 0]);
  });

  it('never pauses for less than half a second', async () => {
    answers = [() => stream(whole.slice(0, 2)), unreachable, unreachable, () => stream(after(1))];
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await follow(create);
    expect(pauses()).toEqual([0, 500, 500]);
  });

  it('leaves a server alone for as long as it asks, within reason', async () => {
    answers = [
      () => stream(whole.slice(0, 2)), () => refused(503, { 'Retry-After': '7' }), () => refused(503, { 'Retry-After': inEightSeconds() }),
      () => refused(429, { 'Retry-After': '86400' }), () => stream(after(1)),
    ];
    await follow(create);
    const [first, second, third, fourth] = pauses();
    expect([first, second, fourth]).toEqual([0, 7000, 60_000]);
    expect(third).toBeGreaterThan(6999); // The date has whole seconds only.
  });

  it('gives up in the end, with the last reason', async () => {
    answers = [() => stream(whole.slice(0, 2)), unreachable];
    await expect(follow(create)).rejects.toThrow('cannot be reached');
    expect(Date.now() - times[0]!).toBeGreaterThan(4 * 60_000);
  });

  it('ends when nobody follows any more', async () => {
    answers = [(signal) => standing(whole.slice(0, 2), signal)];
    setTimeout(() => connection.abort(), 10_000);
    await expect(follow(create)).rejects.toThrow('aborted');
    expect(connected).toEqual([true]);
    expect(requests).toHaveLength(1);
  });

  it('ends when nobody follows any more while it waits for the server', async () => {
    answers = [() => stream(whole.slice(0, 2)), unreachable];
    setTimeout(() => connection.abort(), 10_000);
    await expect(follow(create)).rejects.toThrow('aborted');
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(10_000);
  });
});
