import { pause } from '../../api/backoff';
import type { AttachOptions } from '../../api/documents';
import type { CollectionFile, UploadedFile } from '../../api/documentWire';
import { ApiError, ConnectionError, messageOf } from '../../api/errors';
import type { UploadOptions } from '../../api/uploadFile';
import { createStore } from '../../ui/store';
import { attributesFor, baseName } from '../files/names';

/** Refused: it was not sent, and would not be taken. Done ones stay until all of their collection are, for the sum of the progress. */
export type UploadPhase = 'waiting' | 'uploading' | 'attaching' | 'done' | 'failed' | 'refused';

export interface NewUpload {
  collectionId: string;
  file: File;
  /** With the folders that it came in. */
  name: string;
  /** The file whose place it takes. */
  replaces: string | null;
}

export interface Upload extends NewUpload {
  key: number;
  phase: UploadPhase;
  /** Bytes that have left. */
  loaded: number;
  /** Why it failed; while it is under way, why the attempt before did. */
  error: string | null;
  /** Set once the server has all of it. */
  fileId: string | null;
}

export interface UploadTransport {
  upload: (file: File, name: string, options: UploadOptions) => Promise<UploadedFile>;
  attach: (collectionId: string, fileId: string, options: AttachOptions) => Promise<CollectionFile>;
  discard: (fileId: string) => Promise<unknown>;
  onAttached: (collectionId: string, file: CollectionFile) => void;
}

const mostAtOnce = 3;
/** With the pauses between them about half a minute: long enough for a server to be started again. */
const attempts = 6;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;

export const isActive = ({ phase }: Upload): boolean => phase === 'waiting' || phase === 'uploading' || phase === 'attaching';
const isRunning = ({ phase }: Upload): boolean => phase === 'uploading' || phase === 'attaching';

/** Files on their way into collections, a few at once. It goes on while another page is shown. */
export class UploadQueue {
  readonly uploads = createStore<Upload[]>([]);
  private readonly aborts = new Map<number, AbortController>();
  private lastKey = 0;

  constructor(private readonly transport: UploadTransport) {}

  add(files: NewUpload[]): void {
    this.uploads.set((all) => [...all, ...files.map((file) => this.newUpload(file, 'waiting', null))]);
    this.pump();
  }

  /** Keeps in sight what is not going to be sent, and why. */
  refuse(file: NewUpload, reason: string): void {
    this.uploads.set((all) => [...all, this.newUpload(file, 'refused', reason)]);
  }

  /** Stops one that is under way, or forgets one that has failed. What the server has of it goes as well. */
  remove(key: number): void {
    const upload = this.find(key);
    this.aborts.get(key)?.abort();
    this.uploads.set((all) => all.filter((other) => other.key !== key));
    if (upload?.fileId && upload.phase === 'failed') this.discard(upload.fileId);
    this.sweep();
    this.pump();
  }

  removeAll(collectionId: string): void {
    for (const { key } of this.uploads.get().filter((upload) => upload.collectionId === collectionId && upload.phase !== 'done')) this.remove(key);
  }

  retry(key: number): void {
    this.change(key, { phase: 'waiting', error: null, loaded: 0 });
    this.pump();
  }

  /** Stops and forgets everything. */
  clear(): void {
    for (const abort of this.aborts.values()) abort.abort();
    this.uploads.set([]);
  }

  private newUpload(file: NewUpload, phase: UploadPhase, error: string | null): Upload {
    return { ...file, key: ++this.lastKey, phase, error, loaded: 0, fileId: null };
  }

  private find = (key: number): Upload | undefined => this.uploads.get().find((upload) => upload.key === key);

  private change(key: number, changes: Partial<Upload>): void {
    this.uploads.set((all) => {
      const index = all.findIndex((upload) => upload.key === key);
      return index < 0 ? all : all.with(index, { ...all[index]!, ...changes });
    });
  }

  private pump(): void {
    const all = this.uploads.get();
    const free = mostAtOnce - all.filter(isRunning).length;
    for (const upload of all.filter(({ phase }) => phase === 'waiting').slice(0, Math.max(free, 0))) void this.run(upload);
  }

  private async run(upload: Upload): Promise<void> {
    const { key } = upload;
    const abort = new AbortController();
    this.aborts.set(key, abort);
    let { fileId } = upload;
    try {
      fileId ??= await this.send(upload, abort.signal);
      abort.signal.throwIfAborted();
      this.change(key, { phase: 'attaching', fileId, loaded: upload.file.size });
      const file = await this.attach(upload, fileId, abort.signal);
      abort.signal.throwIfAborted();
      this.transport.onAttached(upload.collectionId, file);
      this.change(key, { phase: 'done', error: null });
    } catch (error) {
      if (!abort.signal.aborted) this.change(key, { phase: 'failed', error: messageOf(error) });
      // Stopped in the last moment: with its content it leaves the collection, too.
      else if (fileId) this.discard(fileId);
    } finally {
      if (this.aborts.get(key) === abort) this.aborts.delete(key);
      this.sweep();
      this.pump();
    }
  }

  private async send({ key, file, name }: Upload, signal: AbortSignal): Promise<string> {
    this.change(key, { phase: 'uploading', loaded: 0 });
    const onProgress = (loaded: number) => this.change(key, { loaded, error: null });
    return (await this.patiently(key, () => this.transport.upload(file, baseName(name), { signal, onProgress }), signal)).id;
  }

  private attach({ key, collectionId, name, replaces }: Upload, fileId: string, signal: AbortSignal): Promise<CollectionFile> {
    return this.patiently(key, () => this.transport.attach(collectionId, fileId, { replaces, attributes: attributesFor(name) }), signal);
  }

  /** Tries again a few times by itself, where the trouble may pass. */
  private async patiently<T>(key: number, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await attempt();
      } catch (error) {
        signal.throwIfAborted();
        if (failures === attempts || !mayPass(error)) throw error;
        this.change(key, { error: error instanceof ApiError ? messageOf(error) : 'The server cannot be reached.' });
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        await pause(Math.min(Math.max(asked, firstPauseMs * 2 ** (failures - 1)), longestPauseMs), signal);
      }
    }
  }

  private discard(fileId: string): void {
    this.transport.discard(fileId).catch(() => {}); // Nobody sees it in a collection, and nobody waits for it to be gone.
  }

  /** Done ones go when nothing of their collection is under way any more. */
  private sweep(): void {
    this.uploads.set((all) => {
      const busy = new Set(all.filter(isActive).map(({ collectionId }) => collectionId));
      const kept = all.filter(({ phase, collectionId }) => phase !== 'done' || busy.has(collectionId));
      return kept.length === all.length ? all : kept;
    });
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof ConnectionError || (error instanceof ApiError && (error.status === 429 || error.status === 502 || error.status === 503 || error.status === 504));
