import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CollectionEvent } from './documentWire';
import { followCollection } from './followCollection';

const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const snapshot = event('snapshot', { files: [{ id: 'file_1' }], total: 1 });

/** Each connection is answered with the next of these; the last stays open until it is aborted. */
function serve(...answers: (string | number | Error)[]): { requests: string[] } {
  const requests: string[] = [];
  vi.stubGlobal('fetch', async (path: string, { signal }: RequestInit) => {
    requests.push(path);
    const answer = answers.shift() ?? new Error('No more.');
    if (answer instanceof Error) throw new TypeError(answer.message);
    if (typeof answer === 'number') return new Response(JSON.stringify({ error: { message: `Status ${answer}.` } }), { status: answer });
    const isLast = answers.length === 0;
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(answer));
          if (isLast) signal?.addEventListener('abort', () => controller.error(signal.reason));
          else controller.close();
        },
      }),
    );
  });
  return { requests };
}

function follow() {
  const events: CollectionEvent[] = [];
  const reconnecting: boolean[] = [];
  const abort = new AbortController();
  const ended = followCollection('vs_1', { onEvents: (some) => events.push(...some), onReconnecting: (value) => reconnecting.push(value) }, abort.signal);
  ended.catch(() => {});
  return { events, reconnecting, abort, ended };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('followCollection', () => {
  it('tells of all files, then of each that changes or goes, and skips what it does not know', async () => {
    serve(`${snapshot}: heartbeat\n\n${event('file', { id: 'file_1', status: 'completed' })}${event('weather', {})}${event('deleted', { file_id: 'file_1' })}`);

    const { events, abort, ended } = follow();
    await vi.waitFor(() => expect(events).toHaveLength(3));

    expect(events).toEqual([
      { type: 'snapshot', files: [{ id: 'file_1' }], total: 1 },
      { type: 'file', file: { id: 'file_1', status: 'completed' } },
      { type: 'deleted', file_id: 'file_1' },
    ]);
    abort.abort();
    await expect(ended).rejects.toThrow();
  });

  it('connects again when the stream ends, the server is away or busy, and begins with all files anew', async () => {
    vi.useFakeTimers();
    const { requests } = serve(snapshot, new Error('Failed to fetch'), 503, 429, snapshot);

    const { events, reconnecting, abort } = follow();
    await vi.advanceTimersByTimeAsync(20_000);

    expect(requests).toHaveLength(5);
    expect(requests[0]).toBe('/api/vector_stores/vs_1/events');
    expect(events.map(({ type }) => type)).toEqual(['snapshot', 'snapshot']);
    expect(reconnecting).toEqual([false, true, true, true, true, false]);
    abort.abort();
  });

  it('ends where there is nothing to follow', async () => {
    serve(snapshot, 404, snapshot);

    await expect(follow().ended).rejects.toMatchObject({ status: 404 });
  });
});
