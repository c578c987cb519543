import { ConnectionError } from './errors';
import { asConnectionError, send, type RequestOptions } from './http';
import { readEvents, type ServerSentEvent } from './sse';

/** The server sends a heartbeat every 15 s; three missed ones mean the connection is dead. */
const idleMs = 45_000;

/** Opens a stream of events. They come in the groups in which they arrived. */
export async function openEvents(path: string, options: RequestOptions & { signal: AbortSignal }): Promise<AsyncIterable<ServerSentEvent[]>> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new DOMException('No answer', 'TimeoutError')), idleMs);
  try {
    const response = await send(path, { ...options, signal: AbortSignal.any([options.signal, connecting.signal]) });
    if (!response.body) throw new ConnectionError('The server sent an empty answer. Try again.');
    return eventsOf(response.body);
  } finally {
    clearTimeout(timer);
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent[]> {
  try {
    yield* readEvents(body, idleMs);
  } catch (error) {
    throw asConnectionError(error);
  }
}
