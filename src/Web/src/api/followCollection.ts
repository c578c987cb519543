import { Backoff, pause } from './backoff';
import type { CollectionEvent, CollectionFile } from './documentWire';
import { ApiError, ConnectionError } from './errors';
import { openEvents } from './eventStream';
import type { ServerSentEvent } from './sse';

export interface CollectionReader {
  onEvents: (events: CollectionEvent[]) => void;
  /** The connection is lost, or stands (again). */
  onReconnecting: (isReconnecting: boolean) => void;
}

/** A connection that stood so long was a good one. One that ends as soon as it has said what there is must not be opened without end. */
const steadyMs = 5000;
/** Where the attempts of the usual kind have come to nothing, for as long as the page is open. */
const lastResortMs = 60_000;

/**
 * Follows what happens to the files of a collection until it is told to stop, over as many connections as it takes: each begins with the state of all.
 * Throws when there is nothing to follow (any more).
 */
export async function followCollection(collectionId: string, reader: CollectionReader, signal: AbortSignal): Promise<void> {
  let backoff = new Backoff(signal);
  for (;;) {
    try {
      const openedAt = Date.now();
      const stream = await openEvents(`/api/vector_stores/${encodeURIComponent(collectionId)}/events`, { signal });
      for await (const group of stream) {
        const events = group.map(eventOf).filter((event) => event !== null);
        if (events.length === 0) continue;
        if (Date.now() - openedAt > steadyMs) backoff.reset();
        reader.onReconnecting(false);
        reader.onEvents(events);
      }
      throw new ConnectionError('The server ended the connection.');
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500 && error.status !== 429 && error.status !== 408)) throw error;
      reader.onReconnecting(true);
      try {
        await backoff.after(error);
      } catch {
        await pause(lastResortMs, signal);
        backoff = new Backoff(signal);
      }
    }
  }
}

/** Events of kinds that this page does not know (yet) are left out. */
function eventOf({ event, data }: ServerSentEvent): CollectionEvent | null {
  const body = JSON.parse(data) as Record<string, unknown>;
  switch (event) {
    case 'snapshot':
      return { type: 'snapshot', files: body.files as CollectionFile[], total: body.total as number };
    case 'file':
      return { type: 'file', file: body as unknown as CollectionFile };
    case 'deleted':
      return { type: 'deleted', file_id: body.file_id as string };
    default:
      return null;
  }
}
