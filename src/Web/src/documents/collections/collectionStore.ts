import { collectionsApi } from '../../api/documents';
import type { Collection } from '../../api/documentWire';
import { ApiError, messageOf } from '../../api/errors';
import { onSignOut } from '../../session/sessionStore';
import { createStore } from '../../ui/store';
import { beginDeleting, goneForGood, isGone, onGone, stay, whileThere } from './endings';

export interface Collections {
  /** Newest first. */
  entries: Collection[];
  /** Some that are too old to be listed yet, but in use: opened by their address, or asked in a chat. */
  others: Collection[];
  hasMore: boolean;
  status: 'loading' | 'loading-more' | 'ready' | 'error';
  error: string | null;
}

const pageSize = 100;
/** What somebody gets who adds files before there is any collection. */
const firstName = 'My documents';
const empty: Collections = { entries: [], others: [], hasMore: false, status: 'loading', error: null };
export const collectionStore = createStore<Collections>(empty);
onSignOut(() => collectionStore.set(empty));

export const collectionOf = (all: Collections, id: string | null): Collection | undefined => [...all.entries, ...all.others].find((entry) => entry.id === id);
export const nameOf = ({ name }: Collection): string => name || 'Without a name';

let moment = 0;
/** When each was last heard of by itself. A list that was asked for before knows less of it, perhaps not even that it is there. */
const heardOf = new Map<string, number>();

function hearOf(collection: Collection): Collection {
  heardOf.set(collection.id, ++moment);
  return collection;
}

/** Loads the newest page anew and keeps what was loaded before it. */
export async function refreshCollections(): Promise<void> {
  const asked = ++moment;
  try {
    const page = await collectionsApi.list({ limit: pageSize });
    collectionStore.set((current) => {
      const oldest = page.data.at(-1);
      const older = oldest && page.has_more ? current.entries.filter((entry) => entry.created_at < oldest.created_at) : [];
      const newer = current.entries.filter((entry) => (heardOf.get(entry.id) ?? 0) > asked && !older.includes(entry));
      const listed = page.data.map((entry) => newer.find(({ id }) => id === entry.id) ?? entry);
      return { ...current, entries: known([...newer.filter(({ id }) => !page.data.some((entry) => entry.id === id)), ...listed, ...older]), hasMore: older.length > 0 ? current.hasMore : page.has_more, status: 'ready', error: null };
    });
  } catch (error) {
    // A list that only was to be refreshed stays as it is.
    collectionStore.set((current) => (current.status === 'ready' ? current : { ...current, status: 'error', error: messageOf(error) }));
  }
}

export async function loadMoreCollections(): Promise<void> {
  const after = collectionStore.get().entries.at(-1)?.id;
  collectionStore.set((current) => ({ ...current, status: 'loading-more' }));
  try {
    const page = await collectionsApi.list({ limit: pageSize, after });
    collectionStore.set((current) => ({ ...current, entries: known([...current.entries, ...page.data]), hasMore: page.has_more, status: 'ready', error: null }));
  } catch (error) {
    collectionStore.set((current) => ({ ...current, status: 'error', error: messageOf(error) }));
  }
}

/** Each once; what was deleted while the answer was on its way stays deleted. */
const known = (entries: Collection[]): Collection[] => [...new Map(entries.map((entry) => [entry.id, entry])).values()].filter(({ id }) => !isGone(id));

export async function createCollection(name: string): Promise<Collection> {
  const created = hearOf(await collectionsApi.create(name));
  collectionStore.set((current) => ({ ...current, entries: known([created, ...current.entries]) }));
  return created;
}

let first: Promise<Collection> | null = null;

/** For files that are added when there is none: the same for all that are added meanwhile. */
export function firstCollection(): Promise<Collection> {
  first ??= createCollection(firstName).finally(() => {
    first = null;
  });
  return first;
}

export async function renameCollection(id: string, name: string): Promise<void> {
  show(await collectionsApi.rename(id, name));
}

/** To the one it had before, it goes back. */
export async function changeModel(id: string, model: string): Promise<void> {
  show(await collectionsApi.changeModel(id, model));
}

export async function cancelModelChange(id: string): Promise<void> {
  show(await collectionsApi.cancelModelChange(id));
}

export async function deleteCollection(id: string): Promise<void> {
  beginDeleting(id);
  try {
    await collectionsApi.remove(id);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) {
      stay(id);
      throw error;
    }
  }
  goneForGood(id);
}

onGone(() => collectionStore.set((current) => ({ ...current, entries: known(current.entries), others: known(current.others) })));

export async function refreshCollection(id: string): Promise<void> {
  show(await collectionsApi.get(id, whileThere(id)));
}

function show(collection: Collection): void {
  hearOf(collection);
  const renewed = (all: Collection[]) => all.map((entry) => (entry.id === collection.id ? collection : entry));
  collectionStore.set((current) => {
    if (current.entries.some(({ id }) => id === collection.id)) return { ...current, entries: renewed(current.entries) };
    const isOther = current.others.some(({ id }) => id === collection.id);
    return { ...current, others: isOther ? renewed(current.others) : known([...current.others, collection]) };
  });
}

const refreshPauseMs = 700;
const awaited = new Map<string, ReturnType<typeof setTimeout>>();

/** Counts and sizes are the server's: after changes they are asked for, once for all that happen within a moment. */
export function refreshCollectionSoon(id: string): void {
  if (awaited.has(id)) return;
  const refresh = () => {
    awaited.delete(id);
    refreshCollection(id).catch(() => {}); // Nobody asked, and the next change will do.
  };
  awaited.set(id, setTimeout(refresh, refreshPauseMs));
}
