import { openEvents } from './eventStream';
import type { RequestOptions } from './http';
import type { StreamEvent } from './wire';

export interface CreateResponse {
  model: string;
  input: string;
  conversation: string;
  tools?: object[];
  include?: string[];
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
  return parsed(await openEvents(path, options));
}

async function* parsed(groups: AsyncIterable<{ data: string }[]>): AsyncGenerator<StreamEvent[]> {
  for await (const events of groups) yield events.map(({ data }) => JSON.parse(data) as StreamEvent);
}
