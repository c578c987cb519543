import type { UploadedFile } from './documentWire';
import { ApiError, ConnectionError, toApiError } from './errors';
import { asConnectionError, credentials, isRefusedToken, readRetryAfter } from './http';

/** No byte went out for so long, and no answer came in: the connection is dead. Long enough for a server that puts a large file away. */
const idleMs = 120_000;

export interface UploadOptions {
  signal: AbortSignal;
  /** How many bytes have left. */
  onProgress: (loaded: number) => void;
}

/** Sends a file. XMLHttpRequest, because fetch does not tell how far an upload has come. */
export async function uploadFile(file: Blob, name: string, options: UploadOptions): Promise<UploadedFile> {
  try {
    return await attempt(file, name, options);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isRefusedToken(error)) {
      await credentials.renewToken();
      return attempt(file, name, options);
    }
    if (error.status === 401) credentials.onSignedOut();
    throw error;
  }
}

function attempt(file: Blob, name: string, { signal, onProgress }: UploadOptions): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    let idle: ReturnType<typeof setTimeout>;
    const end = (outcome: () => void) => {
      clearTimeout(idle);
      signal.removeEventListener('abort', abort);
      outcome();
    };
    const abort = () => {
      request.abort();
      end(() => reject(signal.reason));
    };
    const waitForSigns = () => {
      clearTimeout(idle);
      idle = setTimeout(() => {
        request.abort();
        end(() => reject(asConnectionError(new DOMException('No progress', 'TimeoutError'))));
      }, idleMs);
    };

    request.upload.addEventListener('progress', (event) => {
      waitForSigns();
      // The form around the file has some bytes as well.
      onProgress(Math.min(event.loaded, file.size));
    });
    request.addEventListener('load', () => end(() => settle(request, resolve, reject)));
    request.addEventListener('error', () => end(() => reject(asConnectionError(new TypeError('The upload was cut off.')))));
    signal.addEventListener('abort', abort, { once: true });
    request.open('POST', '/v1/files');
    if (credentials.csrfToken) request.setRequestHeader('X-CSRF-Token', credentials.csrfToken);
    request.send(formOf(file, name));
    waitForSigns();
  });
}

/** The file comes last: the server knows what it is for before its first byte. */
function formOf(file: Blob, name: string): FormData {
  const form = new FormData();
  form.append('purpose', 'user_data');
  form.append('file', file, name);
  return form;
}

function settle(request: XMLHttpRequest, resolve: (file: UploadedFile) => void, reject: (error: unknown) => void): void {
  const body = parse(request.responseText);
  if (request.status < 200 || request.status >= 300) {
    const error = toApiError(request.status, body);
    error.retryAfterMs = readRetryAfter(request.getResponseHeader('Retry-After'));
    reject(error);
  } else if (body === null) {
    reject(new ConnectionError('The server sent an answer that cannot be read. Try again.'));
  } else {
    resolve(body as UploadedFile);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // An error page of a proxy: the status alone has to do.
  }
}
