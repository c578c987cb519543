import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CollectionFile, UploadedFile } from '../../api/documentWire';
import { ApiError, ConnectionError } from '../../api/errors';
import { UploadQueue, type NewUpload, type UploadTransport } from './uploadQueue';

const upload = (name: string, changes: Partial<NewUpload> = {}): NewUpload => ({ collectionId: 'vs_1', file: new File(['12345'], name), name, replaces: null, ...changes });

/** A server whose uploads end when the test says so. */
class FakeServer implements UploadTransport {
  readonly pending = new Map<string, { resolve: (file: UploadedFile) => void; reject: (error: unknown) => void; progress: (loaded: number) => void; signal: AbortSignal }>();
  readonly attached: unknown[] = [];
  readonly discarded: string[] = [];
  readonly shown: string[] = [];
  attachErrors: unknown[] = [];

  upload: UploadTransport['upload'] = (_, name, { signal, onProgress }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.pending.set(name, { resolve, reject, progress: onProgress, signal });
    });
  attach: UploadTransport['attach'] = async (collection, file, options) => {
    const error = this.attachErrors.shift();
    if (error) throw error;
    this.attached.push({ collection, file, ...options });
    return { id: file } as CollectionFile;
  };
  discard = async (file: string) => this.discarded.push(file);
  onAttached = (_: string, { id }: CollectionFile) => void this.shown.push(id);

  finish = (name: string) => this.pending.get(name)?.resolve({ id: `file_${name}`, filename: name, bytes: 5 });
}

let server: FakeServer;
let queue: UploadQueue;
const phases = () => Object.fromEntries(queue.uploads.get().map(({ name, phase }) => [name, phase]));
const keyOf = (name: string) => queue.uploads.get().find((one) => one.name === name)!.key;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  queue = new UploadQueue(server);
});
afterEach(() => vi.useRealTimers());

describe('The upload queue', () => {
  it('sends three at once, and the next as soon as one is there', async () => {
    queue.add(['a', 'b', 'c', 'd'].map((name) => upload(name)));
    expect(phases()).toEqual({ a: 'uploading', b: 'uploading', c: 'uploading', d: 'waiting' });

    server.finish('a');
    await vi.advanceTimersByTimeAsync(0);

    expect(phases()).toEqual({ a: 'done', b: 'uploading', c: 'uploading', d: 'uploading' });
    expect(server.shown).toEqual(['file_a']);
  });

  it('tells how far each is, and forgets all when the last is there', async () => {
    queue.add([upload('a'), upload('b')]);
    server.pending.get('a')!.progress(3);
    expect(queue.uploads.get()[0]?.loaded).toBe(3);

    server.finish('a');
    server.finish('b');
    await vi.advanceTimersByTimeAsync(0);

    expect(queue.uploads.get()).toEqual([]);
  });

  it('attaches a file under its folder, in the place of the one that it replaces', async () => {
    queue.add([upload('folder/a.txt', { replaces: 'file_old' })]);
    server.finish('a.txt');
    await vi.advanceTimersByTimeAsync(0);

    expect(server.attached).toEqual([{ collection: 'vs_1', file: 'file_a.txt', replaces: 'file_old', attributes: { path: 'folder/a.txt' } }]);
  });

  it('stops one that is cancelled, and goes on with the others', async () => {
    queue.add(['a', 'b', 'c', 'd'].map((name) => upload(name)));

    queue.remove(keyOf('b'));
    await vi.advanceTimersByTimeAsync(0);

    expect(server.pending.get('b')!.signal.aborted).toBe(true);
    expect(phases()).toEqual({ a: 'uploading', c: 'uploading', d: 'uploading' });
    queue.removeAll('vs_1');
    expect(queue.uploads.get()).toEqual([]);
  });

  it('leaves nothing of a file behind that was cancelled in the last moment', async () => {
    queue.add([upload('a')]);
    server.finish('a');
    queue.remove(keyOf('a'));
    await vi.advanceTimersByTimeAsync(0);

    expect(server.discarded).toEqual(['file_a']);
    expect(server.shown).toEqual([]);
  });

  it('says why one failed, and sends it again when asked to', async () => {
    queue.add([upload('a')]);
    server.pending.get('a')!.reject(new ApiError('It is a program.', 400));
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.uploads.get()).toMatchObject([{ phase: 'failed', error: 'It is a program.' }]);

    queue.retry(keyOf('a'));
    server.finish('a');
    await vi.advanceTimersByTimeAsync(0);

    expect(server.shown).toEqual(['file_a']);
  });

  it('does not send a file twice that only could not be attached', async () => {
    server.attachErrors = [new ApiError('The collection has expired.', 409)];
    queue.add([upload('a')]);
    server.finish('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(phases()).toEqual({ a: 'failed' });
    server.pending.clear();

    queue.retry(keyOf('a'));
    await vi.advanceTimersByTimeAsync(0);

    expect(server.pending.size).toBe(0);
    expect(server.shown).toEqual(['file_a']);
  });

  it('tries a few times by itself where the trouble may pass, and not sooner than it was asked to', async () => {
    queue.add([upload('a')]);
    const busy = new ApiError('Busy.', 429);
    busy.retryAfterMs = 5000;
    server.pending.get('a')!.reject(busy);
    server.pending.delete('a');
    await vi.advanceTimersByTimeAsync(4900);
    expect(server.pending.has('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.pending.has('a')).toBe(true);

    server.pending.get('a')!.reject(new ConnectionError('Gone.'));
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.uploads.get()).toMatchObject([{ phase: 'uploading', error: 'The server cannot be reached.' }]);
    for (let attempt = 0; attempt < 5; attempt++) {
      server.pending.get('a')!.reject(new ConnectionError('Gone.'));
      await vi.advanceTimersByTimeAsync(20_000);
    }

    expect(queue.uploads.get()).toMatchObject([{ phase: 'failed', error: 'Gone.' }]);
  });

  it('keeps in sight what was not sent at all', () => {
    queue.refuse(upload('a'), 'The file is empty.');

    expect(queue.uploads.get()).toMatchObject([{ phase: 'refused', error: 'The file is empty.' }]);
    expect(server.pending.size).toBe(0);
  });
});
