import { storage } from '../ui/storage';

const storageKey = 'aiplatform.running';

/**
 * Remembers across a reload which response is being written in which conversation:
 * the conversation itself lists an answer only once it is finished.
 */
export const runningResponses = {
  find: (conversationId: string): string | null => read()[conversationId] ?? null,
  remember: (conversationId: string, responseId: string): void => write({ ...read(), [conversationId]: responseId }),
  forget: (conversationId: string): void => {
    const { [conversationId]: _finished, ...others } = read();
    write(others);
  },
  forgetAll: (): void => write({}),
};

function read(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(storage.read(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, string>) : {};
  } catch {
    return {}; // Written by something else: start anew.
  }
}

function write(running: Record<string, string>): void {
  storage.write(storageKey, Object.keys(running).length === 0 ? null : JSON.stringify(running));
}
