import { useEffect } from 'react';
import { collectionFilesApi } from '../../api/documents';
import type { CollectionFile } from '../../api/documentWire';
import { onSignOut } from '../../session/sessionStore';
import { createStore, useStore } from '../../ui/store';
import { fileStore } from '../files/fileStore';

/** The document that is open, where it is too old to be in the list that is loaded. */
export const openedFileStore = createStore<CollectionFile | null>(null);
onSignOut(() => openedFileStore.set(null));

export const useKnownFile = (collectionId: string | null, fileId: string | null): CollectionFile | null => {
  const listed = useStore(fileStore, (all) => all[collectionId ?? '']?.files.find(({ id }) => id === fileId));
  const opened = useStore(openedFileStore, (file) => (file?.id === fileId && file.vector_store_id === collectionId ? file : null));
  return listed ?? opened;
};

/** What is known of a document, asked for if need be. That there is none is said by its text. */
export function useOpenedFile(collectionId: string, fileId: string): CollectionFile | null {
  const file = useKnownFile(collectionId, fileId);
  const isListed = useStore(fileStore, (all) => all[collectionId]?.status === 'ready');
  const unknown = isListed && file === null;
  useEffect(() => {
    if (unknown) collectionFilesApi.get(collectionId, fileId).then(openedFileStore.set, () => {});
  }, [collectionId, fileId, unknown]);
  return file;
}
