import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { credentials } from './http';
import { uploadFile } from './uploadFile';

/** What a browser does with a request, as far as the page needs it; the test answers. */
class FakeRequest extends EventTarget {
  static all: FakeRequest[] = [];
  readonly upload = new EventTarget();
  readonly headers: Record<string, string> = {};
  status = 0;
  responseText = '';
  aborted = false;
  body: FormData | null = null;
  retryAfter: string | null = null;

  constructor() {
    super();
    FakeRequest.all.push(this);
  }
  open = (): void => {};
  setRequestHeader = (name: string, value: string): void => void (this.headers[name] = value);
  getResponseHeader = (): string | null => this.retryAfter;
  send = (body: FormData): void => void (this.body = body);
  abort = (): void => void (this.aborted = true);

  progress = (loaded: number): boolean => this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }));
  answer(status: number, body: unknown): void {
    [this.status, this.responseText] = [status, typeof body === 'string' ? body : JSON.stringify(body)];
    this.dispatchEvent(new Event('load'));
  }
}

const file = new File(['12345'], 'a.txt');
const begin = () => {
  const abort = new AbortController();
  const progress: number[] = [];
  const result = uploadFile(file, 'a.txt', { signal: abort.signal, onProgress: (loaded) => progress.push(loaded) });
  result.catch(() => {});
  return { abort, progress, result, request: FakeRequest.all.at(-1)! };
};

beforeEach(() => {
  FakeRequest.all = [];
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
  credentials.csrfToken = 'token-1';
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  Object.assign(credentials, { csrfToken: null, renewToken: async () => {}, onSignedOut: () => {} });
});

describe('uploadFile', () => {
  it('sends the file after what it is for, with the token, and tells how far it is', async () => {
    const { request, progress, result } = begin();
    request.progress(3);
    request.progress(300);
    request.answer(200, { id: 'file_1' });

    expect(await result).toEqual({ id: 'file_1' });
    expect(progress).toEqual([3, 5]);
    expect([...request.body!.keys()]).toEqual(['purpose', 'file']);
    expect(request.headers['X-CSRF-Token']).toBe('token-1');
  });

  it('passes on what the server says of a file that it does not take', async () => {
    const { request, result } = begin();
    request.retryAfter = '7';
    request.answer(429, { error: { message: 'Slowly.', code: 'rate_limit' } });

    await expect(result).rejects.toMatchObject({ message: 'Slowly.', status: 429, retryAfterMs: 7000 });
  });

  it('says in plain words what a proxy says in HTML', async () => {
    const { request, result } = begin();
    request.answer(413, '<html>');

    await expect(result).rejects.toThrow('too large');
  });

  it('fetches another token when its own is refused, and sends the file once more', async () => {
    credentials.renewToken = async () => void (credentials.csrfToken = 'token-2');
    const { request, result } = begin();
    request.answer(403, { error: { message: 'No.', code: 'csrf_token_invalid' } });
    await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(2));
    FakeRequest.all[1]!.answer(200, { id: 'file_1' });

    expect(await result).toEqual({ id: 'file_1' });
    expect(FakeRequest.all[1]!.headers['X-CSRF-Token']).toBe('token-2');
  });

  it('stops when it is told to', async () => {
    const { request, abort, result } = begin();
    abort.abort();

    await expect(result).rejects.toMatchObject({ name: 'AbortError' });
    expect(request.aborted).toBe(true);
  });

  it('gives up a connection that says nothing any more', async () => {
    vi.useFakeTimers();
    const { request, result } = begin();
    await vi.advanceTimersByTimeAsync(100_000);
    request.progress(3);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(request.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);

    await expect(result).rejects.toThrow('did not answer in time');
  });
});
