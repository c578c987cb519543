import { ConnectionError } from './errors';
import { asConnectionError, send, type RequestOptions } from './http';
import { readEvents } from './sse';
import type { StreamEvent } from './wire';

/** The server sends a heartbeat every 15 s; three missed ones mean the connection is dead. */
const idleMs = 45_000;

export interface CreateResponse {
  model: string;
  input: string;
  conversation: string;
}

/** Creates a response and opens its stream. */
export const createStream = (request: CreateResponse, signal: AbortSignal): Promise<AsyncIterable<StreamEvent[]>> =>
  open('/v1/responses', { method: 'POST', body: { ...request, stream: true, truncation: 'auto' }, signal });

/** Opens the stream of a response after the event with this number, or from its beginning. */
export function resumeStream(responseId: string, after: number | null, signal: AbortSignal): Promise<AsyncIterable<StreamEvent[]>> {
  const query = after === null ? '' : `&starting_after=${after}`;
  return open(`/v1/responses/${encodeURIComponent(responseId)}?stream=true${query}`, { signal });
}

async function open(path: string, options: RequestOptions & { signal: AbortSignal }): Promise<AsyncIterable<StreamEvent[]>> {
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

/** Yields the events in the groups in which they arrived. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent[]> {
  try {
    for await (const events of readEvents(body, idleMs)) yield events.map(({ data }) => JSON.parse(data) as StreamEvent);
  } catch (error) {
    throw asConnectionError(error);
  }
}
