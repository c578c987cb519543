import { ApiError, ConnectionError, isAbort, toApiError } from './errors';

const defaultTimeoutMs = 30_000;

interface Credentials {
  csrfToken: string | null;
  /** Called when the server no longer accepts the cookie. */
  onSignedOut: () => void;
  /** Fetches the session again, after its token was refused (signed in anew in another tab). */
  renewToken: () => Promise<void>;
}

/** Filled in by the session feature, so that this file needs to know nothing about it. */
export const credentials: Credentials = { csrfToken: null, onSignedOut: () => {}, renewToken: async () => {} };

export interface RequestOptions {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** A 401 of the sign-in requests themselves means wrong credentials, not a lost session. */
  signingIn?: boolean;
}

export async function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const response = await send(path, { ...options, signal });
  try {
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch (error) {
    throw asConnectionError(error);
  }
}

/** Sends a request and throws unless the server accepted it; the body is left to the caller. */
export async function send(path: string, options: RequestOptions): Promise<Response> {
  const response = await attempt(path, options);
  if (response.ok) return response;

  const error = await refusalOf(response);
  if (isRefusedToken(error) && !options.signingIn) {
    await credentials.renewToken();
    const second = await attempt(path, options);
    if (second.ok) return second;
    throw await refusalOf(second);
  }
  if (error.status === 401 && !options.signingIn) credentials.onSignedOut();
  throw error;
}

async function attempt(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && credentials.csrfToken) headers['X-CSRF-Token'] = credentials.csrfToken;
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    throw asConnectionError(error);
  }
}

export const isRefusedToken = (error: ApiError): boolean =>
  (error.status === 403 || error.status === 400) && /csrf|antiforgery/.test(error.code ?? '');

async function refusalOf(response: Response): Promise<ApiError> {
  const error = toApiError(response.status, await readJson(response));
  error.retryAfterMs = readRetryAfter(response.headers.get('Retry-After'));
  return error;
}

/** Seconds, or a date. */
export function readRetryAfter(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms > 0 ? ms : null;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null; // An error page of a proxy: the status alone has to do.
  }
}

export function asConnectionError(error: unknown): unknown {
  if (isAbort(error) || error instanceof ApiError) return error;
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  const message = timedOut
    ? 'The server did not answer in time. Check that it is running, then try again.'
    : 'The server cannot be reached. Check your connection and that the server is running, then try again.';
  return new ConnectionError(message, { cause: error });
}
