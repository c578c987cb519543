import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelResponse, ResponseEvent } from '../api/wire';
import { showToast } from '../ui/toast';
import { drafts, draftOf, keepDraft } from './drafts';
import { retry } from './retry';
import { ask, followOther, openConversation, stop } from './runs';
import { runStore } from './runStore';
import { appendItems, startEmptyTranscript, transcriptOf } from './transcriptStore';

vi.mock('../ui/toast', () => ({ showToast: vi.fn() }));

const message = (text: string) => ({
  type: 'message' as const, id: 'msg_1', role: 'assistant', status: 'completed' as const, content: [{ type: 'output_text', text }],
});
const inProgress: ModelResponse = { id: 'resp_1', status: 'in_progress', output: [] };
const completed: ModelResponse = { id: 'resp_1', status: 'completed', output: [message('Hello.')] };
const failed: ModelResponse = { id: 'resp_1', status: 'failed', output: [], error: { code: 'server_error', message: 'The model broke.' } };
const created: ResponseEvent = { type: 'response.created', response: inProgress };
const ended: ResponseEvent = { type: 'response.completed', response: completed };
const added: ResponseEvent = { type: 'response.output_item.added', output_index: 0, item: { ...message(''), status: 'in_progress', content: [] } };
const delta = (text: string): ResponseEvent => ({ type: 'response.output_text.delta', item_id: 'msg_1', content_index: 0, delta: text });

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const refused = (status: number, code: string) => json({ error: { message: 'No.', code } }, status);
const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));
/** Numbered from `first` on. */
const sse = (events: ResponseEvent[], first = 0) =>
  events.map((event, index) => `data: ${JSON.stringify({ ...event, sequence_number: first + index })}\n\n`).join('');
const stream = (...events: ResponseEvent[]) => new Response(sse(events));
const rest = (first: number, ...events: ResponseEvent[]) => new Response(sse(events, first));
const endless = (...events: ResponseEvent[]) =>
  new Response(new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(sse(events))) }));
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
  drafts.set({});
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
    routes['POST /v1/responses'] = () => stream(created, ended);
    await askAndWait();
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user', content: [{ text: 'Hi' }] }, message('Hello.')]);
    expect(runStore.get()).toEqual({});
  });

  it('keeps what was said on the page while it reconnects, and goes on from there', async () => {
    routes['POST /v1/responses'] = () => stream(created, added, delta('Hel'));
    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = unreachable;
    const asked = ask('conv_1', 'Hi', 'gpt-5');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runStore.get().conv_1).toMatchObject({ phase: 'running', reconnecting: true, answer: { items: [{ content: [{ text: 'Hel' }] }] } });

    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = () => rest(3, delta('lo.'), ended);
    await vi.runAllTimersAsync();
    await asked;
    expect(transcriptOf('conv_1').items.at(-1)).toEqual(message('Hello.'));
  });

  it('says so when the answer is gone before it was finished', async () => {
    routes['POST /v1/responses'] = () => stream(created, added, delta('Hel'));
    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = () => refused(404, 'response_not_found');
    await askAndWait();
    expect(runStore.get().conv_1).toMatchObject({
      phase: 'failed', reconnecting: false, error: expect.stringContaining('not on the server any more'), answer: { items: [{ content: [{ text: 'Hel' }] }] },
    });
  });

  it('shows the error of a failed answer and keeps the question', async () => {
    routes['POST /v1/responses'] = () => stream(created, { type: 'response.failed', response: failed });
    await askAndWait();
    expect(runStore.get().conv_1).toMatchObject({ phase: 'failed', error: 'The model broke.', question: { content: [{ text: 'Hi' }] } });
  });

  it('returns a message to the box while another answer is being written, and shows that answer instead', async () => {
    routes['POST /v1/responses'] = () => refused(409, 'conversation_locked');
    keepDraft('conv_1', 'And then?');
    await askAndWait();
    expect(runStore.get().conv_1).toMatchObject({ phase: 'blocked', question: null });
    expect(draftOf(drafts.get(), 'conv_1')).toBe('Hi\n\nAnd then?');

    routes['GET /api/conversations/conv_1'] = () => json({ ...opened, latest_response: inProgress });
    routes['GET /v1/responses/resp_1?stream=true'] = () => stream(created, ended);
    const followed = followOther('conv_1');
    await vi.runAllTimersAsync();
    await followed;
    expect(runStore.get()).toEqual({});
    expect(transcriptOf('conv_1').items).toEqual([message('Hello.')]);
  });
});

describe('openConversation', () => {
  it.each(['in_progress', 'queued'] as const)('follows an answer that is %s from its first event', async (status) => {
    routes['GET /api/conversations/conv_1'] = () => json({ ...opened, latest_response: { id: 'resp_1', status } });
    routes['GET /v1/responses/resp_1?stream=true'] = () => endless(created, added, delta('Hel'));
    const followed = openConversation('conv_1');
    expect(runStore.get().conv_1).toBeUndefined();
    await vi.advanceTimersByTimeAsync(100);
    expect(runStore.get().conv_1).toMatchObject({ phase: 'running', answer: { status: 'in_progress', items: [{ content: [{ text: 'Hel' }] }] } });

    // Its connection goes silent, and is given up.
    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = () => rest(3, delta('lo.'), ended);
    await vi.runAllTimersAsync();
    await followed;
    expect(transcriptOf('conv_1')).toMatchObject({ items: [message('Hello.')], outcome: { id: 'resp_1', status: 'completed' } });
  });

  it('follows nothing where the latest answer is finished', async () => {
    routes['GET /api/conversations/conv_1'] = () => json({ ...opened, latest_response: completed });
    await openConversation('conv_1');
    expect(requests.filter((request) => request.includes('/v1/responses'))).toEqual([]);
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

  it('goes on trying to cancel while it reconnects', async () => {
    routes['POST /v1/responses'] = () => stream(created, added, delta('Hel'));
    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = unreachable;
    routes['POST /v1/responses/resp_1/cancel'] = unreachable;
    const asked = ask('conv_1', 'Hi', 'gpt-5');
    await vi.advanceTimersByTimeAsync(1000);
    void stop('conv_1');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runStore.get().conv_1).toMatchObject({ phase: 'running', stopping: true, reconnecting: true });

    routes['POST /v1/responses/resp_1/cancel'] = () => json({ ...inProgress, status: 'cancelled' });
    await vi.runAllTimersAsync();
    await asked;
    expect(runStore.get()).toEqual({});
    expect(transcriptOf('conv_1')).toMatchObject({ items: [{}, { content: [{ text: 'Hel' }] }], notes: { msg_1: ['You stopped this answer.'] } });
  });

  it('need not cancel what ended by itself meanwhile', async () => {
    routes['POST /v1/responses'] = () => stream(created);
    routes['GET /v1/responses/resp_1?stream=true&starting_after=0'] = unreachable;
    routes['POST /v1/responses/resp_1/cancel'] = unreachable;
    const asked = ask('conv_1', 'Hi', 'gpt-5');
    await vi.advanceTimersByTimeAsync(100);
    const stopped = stop('conv_1');
    routes['GET /v1/responses/resp_1?stream=true&starting_after=0'] = () => rest(1, ended);
    await vi.runAllTimersAsync();
    await Promise.all([asked, stopped]);
    expect(transcriptOf('conv_1').items.at(-1)).toEqual(message('Hello.'));
    expect(showToast).not.toHaveBeenCalled();
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
    routes['POST /v1/responses'] = () => stream(created, ended);
    await retryAndWait();
    expect(requests.indexOf(removal)).toBeLessThan(requests.lastIndexOf('POST /v1/responses'));
    expect(requests).toContain(removal);
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user' }, { role: 'assistant' }]);
  });

  it('removes a question found without an answer before it asks again', async () => {
    appendItems('conv_1', [stored]);
    routes['GET /v1/conversations/conv_1/items?limit=50&order=desc'] = () => json({ ...noConversations, data: [stored] });
    routes['POST /v1/responses'] = () => stream(created, ended);
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
    routes['GET /v1/responses/resp_1?stream=true'] = () => stream(created, ended);
    await retryAndWait();
    expect(requests).not.toContain(removal);
    expect(requests).not.toContain('POST /v1/responses');
    expect(transcriptOf('conv_1').items).toEqual([stored, message('Hello.')]);
  });

  it('reconnects to an answer that the server may still be writing', async () => {
    routes['POST /v1/responses'] = () => stream(created, added, delta('Hel'));
    routes['GET /v1/responses/resp_1?stream=true&starting_after=2'] = unreachable;
    await askAndWait();
    expect(runStore.get().conv_1).toMatchObject({ phase: 'failed', error: expect.stringContaining('cannot be reached') });
    routes['GET /v1/responses/resp_1?stream=true'] = () => stream(created, added, delta('Hel'), delta('lo.'), ended);
    await retryAndWait();
    expect(requests.filter((request) => request === 'POST /v1/responses')).toHaveLength(1);
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user' }, message('Hello.')]);
  });

  it('does not ask again what the server has taken without our hearing of it', async () => {
    routes['POST /v1/responses'] = unreachable;
    await askAndWait();
    routes['GET /api/conversations/conv_1'] = () => json({ ...opened, latest_response: inProgress });
    routes['GET /v1/conversations/conv_1/items?limit=50&order=desc'] = () => json({ ...noConversations, data: [stored] });
    routes['GET /v1/responses/resp_1?stream=true'] = () => stream(created, ended);
    await retryAndWait();
    expect(requests.filter((request) => request === 'POST /v1/responses')).toHaveLength(1);
    expect(transcriptOf('conv_1').items).toEqual([stored, message('Hello.')]);
  });

  it('asks again what has never arrived', async () => {
    routes['POST /v1/responses'] = unreachable;
    await askAndWait();
    routes['POST /v1/responses'] = () => stream(created, ended);
    await retryAndWait();
    expect(transcriptOf('conv_1').items).toMatchObject([{ role: 'user' }, message('Hello.')]);
  });
});
