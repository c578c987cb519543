import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelResponse, StreamEvent } from '../api/wire';
import { retry } from './retry';
import { ask, stop } from './runs';
import { runStore } from './runStore';
import { appendItems, startEmptyTranscript, transcriptOf } from './transcriptStore';

const message = (text: string) => ({
  type: 'message' as const, id: 'msg_1', role: 'assistant', status: 'completed' as const, content: [{ type: 'output_text', text }],
});
const inProgress: ModelResponse = { id: 'resp_1', status: 'in_progress', output: [] };
const completed: ModelResponse = { id: 'resp_1', status: 'completed', output: [message('Hello.')] };
const failed: ModelResponse = { id: 'resp_1', status: 'failed', output: [], error: { code: 'server_error', message: 'The model broke.' } };
const created: StreamEvent = { type: 'response.created', response: inProgress };

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const stream = (...events: StreamEvent[]) => new Response(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
const endless = (...events: StreamEvent[]) =>
  new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))),
    }),
  );
const opened = { id: 'conv_1', title: 'Hi', created_at: 1, updated_at: 1 };
const noConversations = { data: [], has_more: false, first_id: null, last_id: null };

let routes: Record<string, () => Response | Promise<Response>>;
let requests: string[];

beforeEach(() => {
  vi.useFakeTimers();
  requests = [];
  routes = {
    'GET /api/conversations?limit=30': () => json(noConversations),
    'GET /api/conversations/conv_1': () => json(opened),
    'GET /v1/conversations/conv_1/items?limit=50&order=desc': () => json(noConversations),
  };
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('cancelAnimationFrame', (timer: number) => clearTimeout(timer));
  vi.stubGlobal('fetch', async (path: string, { method }: { method: string }) => {
    const request = `${method} ${path}`;
    requests.push(request);
    const route = routes[request];
    if (!route) throw new TypeError(`unexpected ${request}`);
    return route();
  });
  runStore.set({});
  startEmptyTranscript('conv_1', 'Hi');
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const askAndWait = async () => {
  const asked = ask('conv_1', 'Hi', 'gpt-5');
  await vi.runAllTimersAsync();
  await asked;
};

const retryAndWait = async () => {
  const retried = retry('conv_1', 'gpt-5');
  await vi.runAllTimersAsync();
  await retried;
};

describe('ask', () => {
  it('puts the question and the answer into the transcript', async () => {
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.completed', response: completed });
    await askAndWait();
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user', content: [{ text: 'Hi' }] }, message('Hello.')]);
    expect(runStore.get()).toEqual({});
  });

  it('asks for the result of an answer whose stream broke', async () => {
    const states = [inProgress, inProgress, completed];
    routes['POST /v1/responses'] = () => stream(created);
    routes['GET /v1/responses/resp_1'] = () => json(states.shift());
    await askAndWait();
    expect(transcriptOf('conv_1').items.at(-1)).toEqual(message('Hello.'));
  });

  it('goes on asking while the server is away', async () => {
    const answers = [() => json(null, 503), () => Promise.reject(new TypeError('offline')), () => json(completed)];
    routes['POST /v1/responses'] = () => stream(created);
    routes['GET /v1/responses/resp_1'] = () => answers.shift()!();
    await askAndWait();
    expect(transcriptOf('conv_1').items.at(-1)).toEqual(message('Hello.'));
  });

  it('shows the error of a failed answer and keeps the question', async () => {
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.failed', response: failed });
    await askAndWait();
    expect(runStore.get().conv_1).toMatchObject({ phase: 'failed', error: 'The model broke.', question: { content: [{ text: 'Hi' }] } });
  });

  it('explains that the conversation is busy', async () => {
    routes['POST /v1/responses'] = () => json({ error: { message: 'locked', code: 'conversation_locked' } }, 409);
    await askAndWait();
    expect(runStore.get().conv_1?.error).toContain('Another answer is still being written');
  });
});

describe('stop', () => {
  it('cancels at the server, and ends even when the stream does not', async () => {
    routes['POST /v1/responses'] = () => endless(created);
    routes['POST /v1/responses/resp_1/cancel'] = () => json({ ...inProgress, status: 'cancelled', output: [message('Hel')] });
    const asked = ask('conv_1', 'Hi', 'gpt-5');
    await vi.advanceTimersByTimeAsync(100);
    void stop('conv_1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runStore.get()).toEqual({});
    expect(transcriptOf('conv_1')).toMatchObject({ notes: { msg_1: ['You stopped this answer.'] } });
    await vi.advanceTimersByTimeAsync(60_000);
    await asked;
  });

  it('waits for the id of the response before it cancels', async () => {
    routes['POST /v1/responses'] = () => endless(created);
    routes['POST /v1/responses/resp_1/cancel'] = () => json({ ...inProgress, status: 'cancelled' });
    void ask('conv_1', 'Hi', 'gpt-5');
    void stop('conv_1');
    expect(requests).not.toContain('POST /v1/responses/resp_1/cancel');
    await vi.advanceTimersByTimeAsync(1000);
    expect(requests).toContain('POST /v1/responses/resp_1/cancel');
    await vi.advanceTimersByTimeAsync(60_000);
  });
});

describe('retry', () => {
  const stored = { type: 'message' as const, id: 'msg_0', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] };
  const removal = 'DELETE /v1/conversations/conv_1/items/msg_0';

  it('removes the question whose answer failed before it asks again', async () => {
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.failed', response: failed });
    routes['GET /v1/conversations/conv_1/items?limit=1&order=desc'] = () => json({ ...noConversations, data: [stored] });
    routes[removal] = () => json({});
    await askAndWait();
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.completed', response: completed });
    await retryAndWait();
    expect(requests.indexOf(removal)).toBeLessThan(requests.lastIndexOf('POST /v1/responses'));
    expect(requests).toContain(removal);
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user' }, { role: 'assistant' }]);
  });

  it('removes a question found without an answer before it asks again', async () => {
    appendItems('conv_1', [stored]);
    routes['GET /v1/conversations/conv_1/items?limit=50&order=desc'] = () => json({ ...noConversations, data: [stored] });
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.completed', response: completed });
    routes[removal] = () => json({});
    await retryAndWait();
    expect(requests.indexOf(removal)).toBeLessThan(requests.indexOf('POST /v1/responses'));
    expect(requests).toContain(removal);
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user' }, { role: 'assistant' }]);
  });

  it('waits for the answer instead when it is being written for someone else', async () => {
    appendItems('conv_1', [stored]);
    routes['GET /api/conversations/conv_1'] = () => json({ ...opened, latest_response: { id: 'resp_1', status: 'in_progress' } });
    routes['GET /v1/conversations/conv_1/items?limit=50&order=desc'] = () => json({ ...noConversations, data: [stored] });
    routes['GET /v1/responses/resp_1'] = () => json(completed);
    await retryAndWait();
    expect(requests).not.toContain(removal);
    expect(requests).not.toContain('POST /v1/responses');
    expect(transcriptOf('conv_1').items).toEqual([stored, message('Hello.')]);
  });
});
