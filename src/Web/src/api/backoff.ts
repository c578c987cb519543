import { ApiError, ConnectionError } from './errors';

const shortestMs = 500;
const longestMs = 5000;
const longestAskedForMs = 60_000;
/** About ten minutes: long enough for a server to be replaced. */
const mostFailures = 200;

/** Pauses between attempts at one thing: the first comes at once, later ones after growing pauses, and never sooner than the server asked for. */
export class Backoff {
  private failures = 0;

  constructor(private readonly signal: AbortSignal) {}

  /** To be called when there was progress: what fails after it is a new failure. */
  reset(): void {
    this.failures = 0;
  }

  /** Waits until it is time for another attempt. Throws the error if another one would fail as well. */
  async after(error: unknown): Promise<void> {
    if (!isPassing(error) || ++this.failures > mostFailures) throw error;
    const asked = error instanceof ApiError ? Math.min(error.retryAfterMs ?? 0, longestAskedForMs) : 0;
    await pause(Math.max(asked, this.nextMs()), this.signal);
  }

  /** Random, so that those who lost the same server do not come back together. */
  private nextMs(): number {
    if (this.failures === 1) return 0;
    const most = Math.min(shortestMs * 2 ** (this.failures - 1), longestMs);
    return shortestMs + Math.random() * (most - shortestMs);
  }
}

/** Does something again until the server could be asked. */
export async function persistently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const backoff = new Backoff(signal);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await backoff.after(error);
    }
  }
}

/** Nobody has answered, or someone who says that it cannot be answered now. */
const isPassing = (error: unknown): boolean =>
  error instanceof ConnectionError || (error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 408));

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
