import { ConnectionError } from './errors';
import { asConnectionError, send } from './http';
import { readEvents } from './sse';
import type { StreamEvent } from './wire';

/** The server sends a heartbeat every 15 s; three missed ones mean the connection is dead. */
const idleMs = 45_000;

export interface CreateResponse {
  model: string;
  input: string;
  conversation: string;
}

/** Creates a response and yields its events, in the groups in which they arrived. */
export async function* streamResponse(request: CreateResponse, signal: AbortSignal): AsyncGenerator<StreamEvent[]> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new DOMException('No answer', 'TimeoutError')), idleMs);
  let response: Response;
  try {
    response = await send('/v1/responses', {
      method: 'POST',
      body: { ...request, stream: true, truncation: 'auto' },
      signal: AbortSignal.any([signal, connecting.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
  if (!response.body) throw new ConnectionError('The server sent an empty answer. Try again.');
  try {
    for await (const events of readEvents(response.body, idleMs)) yield events.map(parseEvent).filter((event) => event !== null);
  } catch (error) {
    throw asConnectionError(error);
  }
}

function parseEvent({ data }: { data: string }): StreamEvent | null {
  if (data === '[DONE]') return null;
  return JSON.parse(data) as StreamEvent;
}
