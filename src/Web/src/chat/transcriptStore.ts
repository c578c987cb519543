import { conversationsApi } from '../api/endpoints';
import { ApiError, messageOf } from '../api/errors';
import type { Item, OpenedConversation, Outcome } from '../api/wire';
import { onSignOut } from '../session/sessionStore';
import { createStore } from '../ui/store';
import { foldResponse, noAnswer, shortfall } from './fold';

/** The stored items of a conversation, oldest first, and what there is to say about some of them. */
export interface Transcript {
  title: string | null;
  /** With the outcome, tells whether the conversation has changed at the server since. */
  updatedAt: number | null;
  /** Of its latest response. */
  outcome: Outcome | null;
  items: Item[];
  notes: Record<string, string[]>;
  hasEarlier: boolean;
  status: 'loading' | 'ready' | 'missing' | 'error';
  error: string | null;
}

const pageSize = 50;
const empty: Transcript = { title: null, updatedAt: null, outcome: null, items: [], notes: {}, hasEarlier: false, status: 'loading', error: null };
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
    await showNewest(conversationId, await conversationsApi.get(conversationId));
  } catch (error) {
    const missing = error instanceof ApiError && error.status === 404;
    change(conversationId, () => ({ status: missing ? 'missing' : 'error', error: messageOf(error) }));
  }
}

/** Loads what was said meanwhile in another tab or on another device, if anything was. */
export async function updateTranscript(conversationId: string): Promise<void> {
  const { updatedAt, outcome } = transcriptOf(conversationId);
  const opened = await conversationsApi.get(conversationId);
  const { id, status } = opened.latest_response ?? {};
  if (updatedAt !== opened.updated_at || outcome?.id !== id || outcome?.status !== status) await showNewest(conversationId, opened);
}

// The conversation first: an answer that ends in between is then among the items already.
async function showNewest(conversationId: string, opened: OpenedConversation): Promise<void> {
  const page = await conversationsApi.items(conversationId, { limit: pageSize, order: 'desc' });
  const newest = page.data.toReversed();
  change(conversationId, (before) => {
    const overlap = before.items.findIndex((item) => item.id === newest[0]?.id);
    const earlier = before.items.slice(0, Math.max(overlap, 0));
    return {
      title: opened.title,
      updatedAt: opened.updated_at,
      outcome: opened.latest_response ?? null,
      items: [...earlier, ...newest],
      notes: { ...before.notes, ...notesFrom(opened.latest_response, newest.at(-1)) },
      hasEarlier: earlier.length > 0 ? before.hasEarlier : page.has_more,
      status: 'ready',
    };
  });
}

/** Why the last answer is not whole, as far as the server remembers. */
function notesFrom(outcome: Outcome | null | undefined, last: Item | undefined): Record<string, string[]> {
  const note = outcome ? shortfall(foldResponse(noAnswer, { ...outcome, output: [] })) : null;
  return note && last?.type === 'message' && last.status === 'incomplete' ? { [last.id]: [note] } : {};
}

export async function loadEarlier(conversationId: string): Promise<void> {
  const after = transcriptOf(conversationId).items[0]?.id;
  const page = await conversationsApi.items(conversationId, { limit: pageSize, order: 'desc', after });
  change(conversationId, ({ items }) => ({ items: [...page.data.toReversed(), ...items], hasEarlier: page.has_more }));
}

export function startEmptyTranscript(conversationId: string, title: string): void {
  change(conversationId, () => ({ ...empty, title, status: 'ready' }));
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

export function noteOutcome(conversationId: string, outcome: Outcome | null): void {
  change(conversationId, () => ({ outcome }));
}

export function removeItem(conversationId: string, itemId: string): void {
  change(conversationId, ({ items }) => ({ items: items.filter((item) => item.id !== itemId) }));
}
