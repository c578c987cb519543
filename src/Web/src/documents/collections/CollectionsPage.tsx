import { useEffect, useState } from 'react';
import { messageOf } from '../../api/errors';
import { navigate } from '../../app/router';
import { PlusIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { useStore } from '../../ui/store';
import { showToast } from '../../ui/toast';
import { collectionPath } from '../paths';
import { addFiles } from '../uploads/addFiles';
import type { Picked } from '../uploads/droppedFiles';
import { DropZone } from '../uploads/DropZone';
import { PickButtons } from '../uploads/PickButtons';
import { ChooseCollectionDialog } from './ChooseCollectionDialog';
import { CollectionRow } from './CollectionRow';
import { collectionStore, createCollection, firstCollection, loadMoreCollections, refreshCollections } from './collectionStore';
import { NameDialog } from './NameDialog';

/** The collections of documents. Files that are added here go into the only one, into the one that is chosen, or make the first. */
export function CollectionsPage() {
  const { entries, hasMore, status, error } = useStore(collectionStore, (all) => all);
  const [creating, setCreating] = useState(false);
  const [homeless, setHomeless] = useState<Picked | null>(null);
  const isEmpty = entries.length === 0 && status === 'ready';

  useEffect(() => {
    void refreshCollections();
    const onVisible = () => document.visibilityState === 'visible' && void refreshCollections();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, []);

  const add = async (picked: Picked) => {
    if (picked.files.length === 0) return;
    const usable = entries.filter((entry) => entry.status !== 'expired');
    if (usable.length > 1 || (usable.length === 0 && entries.length > 0)) return setHomeless(picked);
    try {
      put((usable[0] ?? (await firstCollection())).id, picked);
    } catch (failure) {
      showToast(messageOf(failure));
    }
  };

  return (
    <DropZone label="Drop files to add them to your documents" onPicked={add} disabled={status === 'loading'}>
      <div className="documents-column" aria-busy={status === 'loading'}>
        {!isEmpty && (
          <div className="documents-bar">
            <h2>Collections</h2>
            <button type="button" className="button" onClick={() => setCreating(true)} data-testid="new-collection">
              <PlusIcon /> New collection
            </button>
          </div>
        )}
        {error && (
          <Notice kind="error" actions={<button type="button" className="button button-small" onClick={refreshCollections}>Try again</button>}>
            {error}
          </Notice>
        )}
        {entries.length === 0 && status === 'loading' && <div className="skeleton-list" aria-hidden="true"><div className="skeleton" /><div className="skeleton" /></div>}
        {isEmpty && (
          <div className="documents-empty" data-testid="collections-empty">
            <h2>Nothing here yet</h2>
            <p className="muted">Drop files or whole folders anywhere on this page: PDF, Office, e-mail, web pages, scans, source code and more. You see each of them become ready, or why not.</p>
            <PickButtons onPicked={add} primary />
            <button type="button" className="link-button small" onClick={() => setCreating(true)} data-testid="new-collection">Or begin with an empty collection</button>
          </div>
        )}
        <ul className="entries">
          {entries.map((collection) => <CollectionRow key={collection.id} collection={collection} />)}
        </ul>
        {hasMore && (
          <button type="button" className="button button-quiet load-more" onClick={loadMoreCollections} disabled={status === 'loading-more'}>
            {status === 'loading-more' ? 'Loading…' : 'Load more'}
          </button>
        )}
      </div>
      {creating && (
        <NameDialog title="New collection" action="Create" onClose={() => setCreating(false)}
          onName={async (name) => navigate(collectionPath((await createCollection(name)).id))} />
      )}
      {homeless && (
        <ChooseCollectionDialog collections={entries} files={homeless.files.length} onClose={() => setHomeless(null)}
          onChosen={(collectionId) => { setHomeless(null); put(collectionId, homeless); }} />
      )}
    </DropZone>
  );
}

function put(collectionId: string, picked: Picked): void {
  navigate(collectionPath(collectionId));
  void addFiles(collectionId, picked);
}
