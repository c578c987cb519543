import type { CollectionEvent, CollectionFile } from '../../api/documentWire';
import type { ListPage } from '../../api/wire';

/** The documents of a collection, as far as they are loaded: the newest, and those before them that were asked for. */
export interface FileList {
  /** Newest first. */
  files: CollectionFile[];
  hasMore: boolean;
  status: 'loading' | 'ready' | 'error';
  error: string | null;
  /** The server is not heard at present. */
  reconnecting: boolean;
  loadingMore: boolean;
}

export const noFiles: FileList = { files: [], hasMore: false, status: 'loading', error: null, reconnecting: false, loadingMore: false };

/** What an event makes of the list. A list that nothing changes stays the same object. */
export function foldEvent(list: FileList, event: CollectionEvent): FileList {
  switch (event.type) {
    case 'snapshot':
      // What was loaded beyond it may have changed unseen: it is asked for again when it is wanted.
      return { ...list, files: event.files, hasMore: event.total > event.files.length, status: 'ready', error: null };
    case 'file':
      return foldFile(list, event.file);
    case 'deleted':
      return list.files.some(({ id }) => id === event.file_id) ? { ...list, files: list.files.filter(({ id }) => id !== event.file_id) } : list;
  }
}

function foldFile(list: FileList, file: CollectionFile): FileList {
  const index = list.files.findIndex(({ id }) => id === file.id);
  // Attached once more, it is new again.
  if (index >= 0 && list.files[index]?.created_at === file.created_at) return { ...list, files: list.files.with(index, file) };
  const others = index < 0 ? list.files : list.files.toSpliced(index, 1);
  const place = others.findIndex((other) => other.created_at <= file.created_at);
  // Older than all that are loaded: it will come with its page.
  if (place < 0 && list.hasMore) return others === list.files ? list : { ...list, files: others };
  return { ...list, files: others.toSpliced(place < 0 ? others.length : place, 0, file) };
}

/** A file that this page has attached, unless the server's events were faster and know more of it. */
export function foldAttached(list: FileList, file: CollectionFile): FileList {
  const isKnown = list.files.some(({ id, created_at }) => id === file.id && created_at >= file.created_at);
  return isKnown ? list : foldFile(list, file);
}

/** Older documents, after the last that was loaded. */
export function foldPage(list: FileList, page: ListPage<CollectionFile>): FileList {
  const known = new Set(list.files.map(({ id }) => id));
  return { ...list, files: [...list.files, ...page.data.filter(({ id }) => !known.has(id))], hasMore: page.has_more, loadingMore: false };
}
