import { describe, expect, it } from 'vitest';
import { readEvents, SseParser, type ServerSentEvent } from './sse';

const parse = (...chunks: string[]): ServerSentEvent[] => {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
};

async function collect(body: ReadableStream<Uint8Array>, idleMs = 10_000): Promise<ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  for await (const events of readEvents(body, idleMs)) all.push(...events);
  return all;
}

describe('SseParser', () => {
  it('reads the type and the data of an event', () => {
    expect(parse('event: a\ndata: 1\n\n')).toEqual([{ event: 'a', data: '1' }]);
  });

  it('calls an event without a type a message', () => {
    expect(parse('data: 1\n\n')).toEqual([{ event: 'message', data: '1' }]);
  });

  it.each(['\n', '\r\n', '\r'])('accepts the line end %j', (end) => {
    // The last blank line is followed by a comment: a lone CR at the very end may still become a CRLF.
    expect(parse(`event: a${end}data: 1${end}${end}data: 2${end}${end}: x`)).toEqual([
      { event: 'a', data: '1' },
      { event: 'message', data: '2' },
    ]);
  });

  it('joins several data lines, and takes away one leading space only', () => {
    expect(parse('data:a\ndata:  b\ndata\n\n')).toEqual([{ event: 'message', data: 'a\n b\n' }]);
  });

  it('skips comments, unknown fields and events without data', () => {
    expect(parse(': heartbeat\n\nid: 7\nretry: 9\nnonsense\n\nevent: only\n\ndata: 1\n\n')).toEqual([{ event: 'message', data: '1' }]);
  });

  it('skips a byte order mark', () => {
    expect(parse('\uFEFFdata: 1\n\n')).toEqual([{ event: 'message', data: '1' }]);
  });

  it('gives the same events wherever the text is cut', () => {
    const text = ': hi\r\nevent: a\r\ndata: {"x":"y: z"}\r\n\r\ndata: 2\ndata: 3\n\n';
    const whole = parse(text);
    for (let cut = 0; cut <= text.length; cut++) expect(parse(text.slice(0, cut), text.slice(cut))).toEqual(whole);
    expect(parse(...text)).toEqual(whole);
  });

  it('drops an event that was cut off', () => {
    expect(parse('data: 1\n\ndata: 2\n')).toEqual([{ event: 'message', data: '1' }]);
  });
});

describe('readEvents', () => {
  it('survives cuts inside of a character', async () => {
    const bytes = new TextEncoder().encode('data: Grüße 👋\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await collect(body)).toEqual([{ event: 'message', data: 'Grüße 👋' }]);
  });

  it('gives up on a connection that has gone silent', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
    await expect(collect(body, 5)).rejects.toThrow('No sign of life');
    expect(cancelled).toBe(true);
  });
});
