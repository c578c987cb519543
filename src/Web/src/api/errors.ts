/** What the server said about a request it refused, in one shape for `/v1` and `/api`. */
export class ApiError extends Error {
  /** How long the server wants to be left alone. */
  retryAfterMs: number | null = null;

  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null = null,
    readonly fields: Record<string, string[]> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** The server could not be reached, or did not answer in time. */
export class ConnectionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionError';
  }
}

const plainWords: Record<number, string> = {
  401: 'Please sign in again.',
  403: 'You are not allowed to do this.',
  404: 'This was not found. It may have been deleted.',
  413: 'This is too large for the server.',
  429: 'Too many requests. Wait a moment and try again.',
  502: 'The server behind the proxy did not answer. Try again in a moment.',
  503: 'The server is busy or restarting. Try again in a moment.',
  504: 'The server took too long to answer. Try again.',
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads both error forms: the OpenAI envelope of `/v1` and the problem+json of `/api`. */
export function toApiError(status: number, body: unknown): ApiError {
  const fallback = plainWords[status] ?? `The server answered with status ${status}. Try again.`;
  if (!isObject(body)) return new ApiError(fallback, status);
  if (isObject(body.error)) {
    return new ApiError(textOf(body.error.message) ?? fallback, status, textOf(body.error.code) ?? textOf(body.error.type));
  }
  const message = textOf(body.detail) ?? textOf(body.title) ?? fallback;
  return new ApiError(message, status, textOf(body.code), fieldErrors(body.errors));
}

function fieldErrors(errors: unknown): Record<string, string[]> {
  if (!isObject(errors)) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([field, messages]) => [field, (Array.isArray(messages) ? messages : [messages]).map(String)]),
  );
}

/** A sentence for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof ConnectionError) return error.message;
  return error instanceof Error ? `Something went wrong: ${error.message}` : 'Something went wrong.';
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
