import { Backoff } from './backoff';
import { ConnectionError } from './errors';
import { createStream, resumeStream, type CreateResponse } from './responseStream';
import { isTerminal, type StreamEvent } from './wire';

export interface ResponseReader {
  /** Events in their order, each of them once. */
  onEvents: (events: StreamEvent[]) => void;
  /** The connection is lost, or stands (again). */
  onReconnecting: (isReconnecting: boolean) => void;
}

/**
 * Follows a response to its last event, over as many connections as it takes: one that is yet to be created, or, by its id, one that is there already,
 * from its first event. The server goes on without us: after a broken connection it tells what came after the last event that was seen.
 */
export async function followResponse(source: CreateResponse | string, reader: ResponseReader, signal: AbortSignal): Promise<void> {
  const backoff = new Backoff(signal);
  let response = source;
  let last: number | null = null;
  for (;;) {
    try {
      const stream = await (typeof response === 'string' ? resumeStream(response, last, signal) : createStream(response, signal));
      reader.onReconnecting(false);
      for await (const events of stream) if (isOverAfter(events)) return;
      throw new ConnectionError('The server ended the connection before the answer was finished. Try again.');
    } catch (error) {
      // Without an id there is nothing to take up, and to create it again could answer twice.
      if (typeof response !== 'string' || signal.aborted) throw error;
      reader.onReconnecting(true);
      await backoff.after(error);
    }
  }

  function isOverAfter(events: StreamEvent[]): boolean {
    const fresh = events.filter(isNext);
    if (fresh.length > 0) {
      backoff.reset();
      reader.onEvents(fresh);
    }
    if (fresh.some((event) => event.response && isTerminal(event.response.status))) return true;
    const error = events.find(isAboutConnection);
    if (error) throw new ConnectionError(error.message || 'The server reported an error.');
    return false;
  }

  function isNext(event: StreamEvent): boolean {
    if (isAboutConnection(event) || (last !== null && event.sequence_number <= last)) return false;
    last = event.sequence_number;
    response = event.response?.id ?? response;
    return true;
  }
}

/** A response that failed says so by its last event; an `error` is about reading it, and has no number of its own. */
const isAboutConnection = (event: StreamEvent): boolean => event.type === 'error';
