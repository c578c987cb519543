import { onSignOut } from '../session/sessionStore';
import { createStore } from '../ui/store';

/** Texts not sent yet, by conversation, for as long as the page is open. */
export const drafts = createStore<Record<string, string>>({});
onSignOut(() => drafts.set({}));

export const draftOf = (all: Record<string, string>, key: string): string => all[key] ?? '';

export const keepDraft = (key: string, text: string): void => drafts.set((all) => ({ ...all, [key]: text }));

/** Puts a message that was not sent back into the box, before what has been written there since. */
export const returnToDraft = (key: string, text: string): void =>
  keepDraft(key, [text, draftOf(drafts.get(), key)].filter((part) => part !== '').join('\n\n'));
