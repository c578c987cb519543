export interface ServerSentEvent {
  event: string;
  data: string;
}

/**
 * Incremental parser of the event-stream format: feed it text cut anywhere, get whole events.
 * Comments (heartbeats) and fields this page has no use for are skipped.
 */
export class SseParser {
  private buffer = '';
  private event = '';
  private data: string[] = [];
  private atStart = true;

  feed(chunk: string): ServerSentEvent[] {
    this.buffer += chunk;
    if (this.atStart && this.buffer.length > 0) {
      if (this.buffer.startsWith('\uFEFF')) this.buffer = this.buffer.slice(1);
      this.atStart = false;
    }
    const events: ServerSentEvent[] = [];
    const lineEnd = /\r\n|\n|\r/g;
    let start = 0;
    for (let match = lineEnd.exec(this.buffer); match; match = lineEnd.exec(this.buffer)) {
      // A lone CR at the very end may be the first half of a CRLF: wait for the next chunk.
      if (match[0] === '\r' && lineEnd.lastIndex === this.buffer.length) break;
      const event = this.takeLine(this.buffer.slice(start, match.index));
      if (event) events.push(event);
      start = lineEnd.lastIndex;
    }
    this.buffer = this.buffer.slice(start);
    return events;
  }

  private takeLine(line: string): ServerSentEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    return null;
  }

  private dispatch(): ServerSentEvent | null {
    const event = this.data.length > 0 ? { event: this.event || 'message', data: this.data.join('\n') } : null;
    this.event = '';
    this.data = [];
    return event;
  }
}

/** Reads a response body as events. Throws when no byte (not even a heartbeat) arrives for `idleMs`. */
export async function* readEvents(body: ReadableStream<Uint8Array>, idleMs: number): AsyncGenerator<ServerSentEvent[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await withinIdleLimit(reader.read(), idleMs);
      if (done) return;
      const events = parser.feed(decoder.decode(value, { stream: true }));
      if (events.length > 0) yield events;
    }
  } finally {
    reader.cancel().catch(() => {}); // The connection is already gone: nothing left to release.
  }
}

function withinIdleLimit<T>(read: Promise<T>, idleMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('No sign of life from the server.', 'TimeoutError')), idleMs);
  });
  return Promise.race([read, silence]).finally(() => clearTimeout(timer));
}
