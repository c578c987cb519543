import { conversationsApi } from '../api/endpoints';
import { ApiError, messageOf } from '../api/errors';
import type { Item } from '../api/wire';
import { onSignOut } from '../session/sessionStore';
import { createStore } from '../ui/store';

/** The stored items of a conversation, oldest first, and what this page has to add to some of them. */
export interface Transcript {
  items: Item[];
  notes: Record<string, string[]>;
  hasEarlier: boolean;
  status: 'loading' | 'ready' | 'missing' | 'error';
  error: string | null;
}

const pageSize = 50;
const empty: Transcript = { items: [], notes: {}, hasEarlier: false, status: 'loading', error: null };
export const transcriptStore = createStore<Record<string, Transcript>>({});
onSignOut(() => transcriptStore.set({}));

export const transcriptOf = (conversationId: string): Transcript => transcriptStore.get()[conversationId] ?? empty;

function change(conversationId: string, update: (transcript: Transcript) => Partial<Transcript>): void {
  transcriptStore.set((all) => {
    const transcript = all[conversationId] ?? empty;
    return { ...all, [conversationId]: { ...transcript, ...update(transcript) } };
  });
}

/** Loads the newest page; what is on screen stays there until it has arrived. */
export async function loadTranscript(conversationId: string): Promise<void> {
  change(conversationId, ({ status }) => ({ status: status === 'ready' ? 'ready' : 'loading', error: null }));
  try {
    const page = await conversationsApi.items(conversationId, { limit: pageSize, order: 'desc' });
    change(conversationId, () => ({ items: page.data.toReversed(), hasEarlier: page.has_more, status: 'ready' }));
  } catch (error) {
    const missing = error instanceof ApiError && error.status === 404;
    change(conversationId, () => ({ status: missing ? 'missing' : 'error', error: messageOf(error) }));
  }
}

export async function loadEarlier(conversationId: string): Promise<void> {
  const after = transcriptOf(conversationId).items[0]?.id;
  const page = await conversationsApi.items(conversationId, { limit: pageSize, order: 'desc', after });
  change(conversationId, ({ items }) => ({ items: [...page.data.toReversed(), ...items], hasEarlier: page.has_more }));
}

export function startEmptyTranscript(conversationId: string): void {
  change(conversationId, () => ({ ...empty, status: 'ready' }));
}

/** Adds items that are new to this page; those it already shows are left alone. */
export function appendItems(conversationId: string, added: Item[], notes: Record<string, string[]> = {}): void {
  change(conversationId, (transcript) => {
    const known = new Set(transcript.items.map((item) => item.id));
    return {
      items: [...transcript.items, ...added.filter((item) => !known.has(item.id))],
      notes: { ...transcript.notes, ...notes },
    };
  });
}

export function removeItem(conversationId: string, itemId: string): void {
  change(conversationId, ({ items }) => ({ items: items.filter((item) => item.id !== itemId) }));
}
