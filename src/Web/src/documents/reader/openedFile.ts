import { useEffect, useState } from 'react';
import { collectionFilesApi } from '../../api/documents';
import type { CollectionFile } from '../../api/documentWire';
import { ApiError } from '../../api/errors';
import { onSignOut } from '../../session/sessionStore';
import { createStore, useStore } from '../../ui/store';
import { whileThere } from '../collections/endings';
import { fileStore } from '../files/fileStore';

/** The document that is open, where it is too old to be in the list that is loaded. */
export const openedFileStore = createStore<CollectionFile | null>(null);
onSignOut(() => openedFileStore.set(null));

export const useKnownFile = (collectionId: string | null, fileId: string | null): CollectionFile | null => {
  const listed = useStore(fileStore, (all) => all[collectionId ?? '']?.files.find(({ id }) => id === fileId));
  const opened = useStore(openedFileStore, (file) => (file?.id === fileId && file.vector_store_id === collectionId ? file : null));
  return listed ?? opened;
};

/** What is known of a document, asked for if need be: where it is in no list, or not any more. */
export function useOpenedFile(collectionId: string, fileId: string): { file: CollectionFile | null; isMissing: boolean } {
  const [isMissing, setMissing] = useState(false);
  const file = useKnownFile(collectionId, fileId);
  const isListed = useStore(fileStore, (all) => all[collectionId]?.status === 'ready');
  const unknown = isListed && file === null;
  useEffect(() => {
    if (!unknown) return setMissing(false);
    collectionFilesApi.get(collectionId, fileId, whileThere(collectionId)).then(openedFileStore.set, (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) setMissing(true);
    });
  }, [collectionId, fileId, unknown]);
  return { file, isMissing };
}
