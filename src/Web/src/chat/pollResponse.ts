import { responsesApi } from '../api/endpoints';
import { ApiError, ConnectionError, isAbort } from '../api/errors';
import { isTerminal, type ModelResponse } from '../api/wire';

const everyMs = 1000;
const longestPauseMs = 10_000;
const failuresAllowed = 60;
const longestWaitMs = 30 * 60_000;

/** Asks for a response every second until it is finished, and reports each state on the way. */
export async function pollResponse(responseId: string, onState: (response: ModelResponse) => void, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + longestWaitMs;
  let failures = 0;
  while (performance.now() < giveUpAt) {
    try {
      const response = await responsesApi.get(responseId, signal);
      failures = 0;
      onState(response);
      if (isTerminal(response.status)) return;
    } catch (error) {
      if (isAbort(error) || isFinal(error) || ++failures > failuresAllowed) throw error;
    }
    await pause(Math.min(everyMs * 1.3 ** failures, longestPauseMs), signal);
  }
  throw new ConnectionError('The server did not finish this answer in time. Reload the page later to see whether it did.');
}

/** The server answered, and asking again would not change its answer. */
const isFinal = (error: unknown): boolean => error instanceof ApiError && error.status < 500 && error.status !== 429 && error.status !== 408;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new DOMException('Aborted', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
