import { conversationsApi } from '../api/endpoints';
import { isAbort, messageOf } from '../api/errors';
import type { Conversation, ListPage } from '../api/wire';
import { onSignOut } from '../session/sessionStore';
import { createStore } from '../ui/store';

export interface ConversationList {
  entries: Conversation[];
  hasMore: boolean;
  status: 'loading' | 'loading-more' | 'ready' | 'error';
  error: string | null;
  query: string;
}

const pageSize = 30;
const empty: ConversationList = { entries: [], hasMore: false, status: 'loading', error: null, query: '' };
export const conversationStore = createStore<ConversationList>(empty);
onSignOut(() => conversationStore.set(empty));

let request = new AbortController();
function newRequest(): AbortSignal {
  request.abort();
  request = new AbortController();
  return request.signal;
}

type Merge = (page: ListPage<Conversation>, current: ConversationList) => Pick<ConversationList, 'entries' | 'hasMore'>;

/** Only the newest request counts: an older one still on its way is dropped. */
async function load(after: string | undefined, merge: Merge): Promise<void> {
  const signal = newRequest();
  const { query } = conversationStore.get();
  try {
    const page = await conversationsApi.list({ limit: pageSize, after, query }, signal);
    conversationStore.set((current) => ({ ...current, ...merge(page, current), status: 'ready', error: null }));
  } catch (error) {
    if (isAbort(error)) return;
    // A list that only was to be refreshed stays as it is: nobody asked, and the next time will do.
    conversationStore.set((current) => (current.status === 'ready' ? current : { ...current, status: 'error', error: messageOf(error) }));
  }
}

/** Loads the newest page anew and keeps the older pages that were loaded before. */
export function refreshConversations(): Promise<void> {
  return load(undefined, ({ data, has_more }, current) => {
    const oldest = data.at(-1);
    const older = oldest && has_more ? current.entries.filter((entry) => entry.updated_at < oldest.updated_at) : [];
    return { entries: withoutRepeats([...data, ...older]), hasMore: older.length > 0 ? current.hasMore : has_more };
  });
}

export function searchConversations(query: string): Promise<void> {
  conversationStore.set((current) => ({ ...current, query, status: 'loading' }));
  return load(undefined, ({ data, has_more }) => ({ entries: data, hasMore: has_more }));
}

export function loadMoreConversations(): Promise<void> {
  conversationStore.set((current) => ({ ...current, status: 'loading-more' }));
  const after = conversationStore.get().entries.at(-1)?.id;
  return load(after, ({ data, has_more }, current) => ({ entries: withoutRepeats([...current.entries, ...data]), hasMore: has_more }));
}

const withoutRepeats = (entries: Conversation[]): Conversation[] => [...new Map(entries.map((entry) => [entry.id, entry])).values()];

/** Puts a conversation first in the list, as the server does once it is used. */
export function showFirst(entry: Conversation): void {
  conversationStore.set((current) => ({
    ...current,
    entries: [entry, ...current.entries.filter(({ id }) => id !== entry.id)],
  }));
}

export async function renameConversation(id: string, title: string): Promise<void> {
  const renamed = await conversationsApi.rename(id, title);
  conversationStore.set((current) => ({
    ...current,
    entries: current.entries.map((entry) => (entry.id === id ? { ...entry, title: renamed.title } : entry)),
  }));
}

export async function deleteConversation(id: string): Promise<void> {
  await conversationsApi.remove(id);
  conversationStore.set((current) => ({ ...current, entries: current.entries.filter((entry) => entry.id !== id) }));
}
