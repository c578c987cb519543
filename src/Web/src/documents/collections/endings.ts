import { onSignOut } from '../../session/sessionStore';
import { createStore } from '../../ui/store';

/**
 * Collections that are being deleted, here, or are gone. Nobody asks about them: the answer would be an error, or an old one that brings them back.
 * Ids are never used again.
 */
export type Ending = 'deleting' | 'gone';

export const endings = createStore<Record<string, Ending | undefined>>({});
const questions = new Map<string, AbortController>();
const goneListeners = new Set<(id: string) => void>();

onSignOut(() => endings.set({}));

export const isGone = (id: string): boolean => endings.get()[id] === 'gone';

/** Goes with every question about a collection: aborted before the collection is deleted, or when it is found to be gone. */
export function whileThere(id: string): AbortSignal {
  if (endings.get()[id]) return AbortSignal.abort();
  let asking = questions.get(id);
  if (!asking) questions.set(id, (asking = new AbortController()));
  return asking.signal;
}

/** For stores that keep something of a collection. */
export function onGone(forget: (id: string) => void): void {
  goneListeners.add(forget);
}

export const beginDeleting = (id: string): void => end(id, 'deleting');

/** It could not be deleted: it may be asked about again. */
export function stay(id: string): void {
  endings.set((all) => ({ ...all, [id]: undefined }));
}

export function goneForGood(id: string): void {
  end(id, 'gone');
  for (const forget of goneListeners) forget(id);
}

function end(id: string, ending: Ending): void {
  endings.set((all) => ({ ...all, [id]: ending }));
  questions.get(id)?.abort();
  questions.delete(id);
}
