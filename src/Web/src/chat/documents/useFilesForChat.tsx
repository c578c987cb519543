import { useState, type ReactNode } from 'react';
import { messageOf } from '../../api/errors';
import { ChooseCollectionDialog } from '../../documents/collections/ChooseCollectionDialog';
import { collectionOf, collectionStore, firstCollection, refreshCollections } from '../../documents/collections/collectionStore';
import { addFiles } from '../../documents/uploads/addFiles';
import type { Picked } from '../../documents/uploads/droppedFiles';
import { useStore } from '../../ui/store';
import { showToast } from '../../ui/toast';
import { addChoice, chosenIn } from './choices';

interface FilesForChat {
  add: (picked: Picked) => Promise<void>;
  /** Where they are to go, if that is a question. */
  dialog: ReactNode;
}

/** Files that are added in a chat go into the collection that it asks, or into one that it asks from then on. */
export function useFilesForChat(draftKey: string): FilesForChat {
  const entries = useStore(collectionStore, (all) => all.entries);
  const [homeless, setHomeless] = useState<Picked | null>(null);

  const put = (collectionId: string, picked: Picked) => {
    addChoice(draftKey, collectionId);
    void addFiles(collectionId, picked);
  };

  const add = async (picked: Picked) => {
    if (picked.files.length === 0) return;
    const [only, ...others] = chosenIn(draftKey).filter(isUsable);
    if (only && others.length === 0) return put(only, picked);
    try {
      await refreshCollections();
      if (collectionStore.get().entries.length > 0) return setHomeless(picked);
      put((await firstCollection()).id, picked);
    } catch (failure) {
      showToast(messageOf(failure));
    }
  };

  const dialog = homeless && (
    <ChooseCollectionDialog collections={entries} files={homeless.files.length} onClose={() => setHomeless(null)}
      onChosen={(collectionId) => {
        setHomeless(null);
        put(collectionId, homeless);
      }} />
  );
  return { add, dialog };
}

function isUsable(id: string): boolean {
  const status = collectionOf(collectionStore.get(), id)?.status;
  return status !== undefined && status !== 'expired';
}
