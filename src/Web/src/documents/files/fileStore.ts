import { persistently } from '../../api/backoff';
import { collectionFilesApi } from '../../api/documents';
import type { CollectionEvent, CollectionFile } from '../../api/documentWire';
import { ApiError, isAbort, messageOf } from '../../api/errors';
import { followCollection } from '../../api/followCollection';
import { onSignOut } from '../../session/sessionStore';
import { createStore } from '../../ui/store';
import { refreshCollection, refreshCollectionSoon } from '../collections/collectionStore';
import { goneForGood, onGone, whileThere } from '../collections/endings';
import { foldAttached, foldEvent, foldPage, noFiles, type FileList } from './foldFiles';
import { pathOf } from './names';

const pageSize = 100;
export const fileStore = createStore<Record<string, FileList>>({});
onSignOut(() => fileStore.set({}));
onGone((id) => changeFiles(id, () => noFiles));

export const filesOf = (collectionId: string): FileList => fileStore.get()[collectionId] ?? noFiles;

export function changeFiles(collectionId: string, update: (list: FileList) => FileList): void {
  fileStore.set((all) => {
    const list = all[collectionId] ?? noFiles;
    const changed = update(list);
    return changed === list ? all : { ...all, [collectionId]: changed };
  });
}

/** Keeps the list of a collection as the server has it, until it is told to stop, or the collection is deleted. */
export async function watchFiles(collectionId: string, whileWanted: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([whileWanted, whileThere(collectionId)]);
  changeFiles(collectionId, (list) => (list.status === 'ready' ? list : { ...list, status: 'loading', error: null }));
  refreshCollection(collectionId).catch(() => {}); // The stream says what is wrong.
  try {
    await followCollection(
      collectionId,
      {
        onEvents: (events) => take(collectionId, events),
        onReconnecting: (reconnecting) => changeFiles(collectionId, (list) => (list.reconnecting === reconnecting ? list : { ...list, reconnecting })),
      },
      signal,
    );
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    if (error instanceof ApiError && error.status === 404) return goneForGood(collectionId);
    changeFiles(collectionId, (list) => ({ ...list, status: 'error', error: messageOf(error) }));
  }
}

function take(collectionId: string, events: CollectionEvent[]): void {
  const before = filesOf(collectionId);
  changeFiles(collectionId, (list) => events.reduce(foldEvent, list));
  if (changesCounts(before, events)) refreshCollectionSoon(collectionId);
}

/** Progress alone changes no count. */
const changesCounts = (before: FileList, events: CollectionEvent[]): boolean =>
  events.some((event) => event.type !== 'file' || before.files.find(({ id }) => id === event.file.id)?.status !== event.file.status);

export function showAttached(collectionId: string, file: CollectionFile): void {
  changeFiles(collectionId, (list) => foldAttached(list, file));
}

export async function loadMoreFiles(collectionId: string): Promise<void> {
  const { files, loadingMore } = filesOf(collectionId);
  if (loadingMore) return;
  changeFiles(collectionId, (list) => ({ ...list, loadingMore: true, error: null }));
  try {
    const after = files.at(-1)?.id;
    const page = await collectionFilesApi.list(collectionId, { limit: pageSize, after }, whileThere(collectionId));
    // After a new snapshot the page may not follow the last one any more: it is asked for again.
    changeFiles(collectionId, (list) => (list.files.at(-1)?.id === after ? foldPage(list, page) : { ...list, loadingMore: false }));
  } catch (error) {
    changeFiles(collectionId, (list) => ({ ...list, loadingMore: false, error: isAbort(error) ? null : messageOf(error) }));
  }
}

/** Loads what is missing, so that all can be searched. Stops when asked to, and at an error. */
export async function loadAllFiles(collectionId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && filesOf(collectionId).hasMore && !filesOf(collectionId).error) {
    if (filesOf(collectionId).loadingMore) return;
    await loadMoreFiles(collectionId);
  }
}

/** All documents of a collection by path, the newest of each, whether they are on the page or not. */
export async function filesByPath(collectionId: string): Promise<Map<string, CollectionFile>> {
  const { files, hasMore, status } = filesOf(collectionId);
  const all = status === 'ready' && !hasMore ? files : await fetchAll(collectionId);
  return new Map(all.toReversed().map((file) => [pathOf(file), file]));
}

/** Patiently: who has chosen files does not want to choose them again because the server was away for a moment. */
async function fetchAll(collectionId: string): Promise<CollectionFile[]> {
  const all: CollectionFile[] = [];
  const signal = whileThere(collectionId);
  for (;;) {
    const page = await persistently(() => collectionFilesApi.list(collectionId, { limit: pageSize, after: all.at(-1)?.id }, signal), signal);
    all.push(...page.data);
    if (!page.has_more) return all;
  }
}
