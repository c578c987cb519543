import { useEffect, useState } from 'react';
import type { Collection } from '../../api/documentWire';
import { followLink } from '../../app/router';
import { CountsInWords } from '../../documents/collections/CollectionRow';
import { collectionStore, loadMoreCollections, nameOf, refreshCollections } from '../../documents/collections/collectionStore';
import { documentsPath } from '../../documents/paths';
import type { Picked } from '../../documents/uploads/droppedFiles';
import { PickButtons } from '../../documents/uploads/PickButtons';
import { count } from '../../documents/words';
import { Dialog } from '../../ui/Dialog';
import { SearchIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { useStore } from '../../ui/store';
import { addChoice, removeChoice, useChosen } from './choices';

/** Fewer are found by looking. */
const searchedFrom = 8;

interface PickerDialogProps {
  draftKey: string;
  onFiles: (picked: Picked) => void;
  onClose: () => void;
}

/** The collections that a chat may ask. Each choice counts at once. */
export function PickerDialog({ draftKey, onFiles, onClose }: PickerDialogProps) {
  const { entries, status, error } = useAllCollections();
  const [text, setText] = useState('');
  const wanted = text.trim().toLocaleLowerCase();
  const shown = entries.filter((entry) => nameOf(entry).toLocaleLowerCase().includes(wanted));

  return (
    <Dialog title="Ask your documents" onClose={onClose}>
      <p className="muted small">
        {entries.length > 0 || status !== 'ready'
          ? 'Answers rest on the collections chosen here, and say where each statement stands.'
          : 'There are no documents yet. Add some: they become a collection, and answers say where in them each statement stands.'}
      </p>
      {error && (
        <Notice kind="error" actions={<button type="button" className="button button-small" onClick={refreshCollections}>Try again</button>}>{error}</Notice>
      )}
      {entries.length >= searchedFrom && (
        <div className="search-field">
          <SearchIcon size={16} />
          <input type="search" aria-label="Search collections by name" placeholder="Search by name" value={text} onChange={(event) => setText(event.target.value)}
            data-testid="collection-search" />
        </div>
      )}
      {entries.length > 0 && (
        <ul className="picker-list" aria-label="Collections" data-testid="picker">
          {shown.map((collection) => <Choice key={collection.id} collection={collection} draftKey={draftKey} />)}
          {shown.length === 0 && <li className="muted small">No collection is called so.</li>}
        </ul>
      )}
      {entries.length === 0 && status === 'loading' && <div className="skeleton-list" role="status" aria-label="Loading"><div className="skeleton" /><div className="skeleton" /></div>}
      <PickButtons onPicked={onFiles} primary={entries.length === 0 && status === 'ready'} />
      <div className="form-actions picker-actions">
        <a href={documentsPath} onClick={followLink} className="small">All documents</a>
        <button type="button" className="button button-primary" onClick={onClose} data-testid="picker-done">Done</button>
      </div>
    </Dialog>
  );
}

function Choice({ collection, draftKey }: { collection: Collection; draftKey: string }) {
  const { id, file_counts: counts, status } = collection;
  const isChosen = useChosen(draftKey).includes(id);
  const isExpired = status === 'expired';
  return (
    <li>
      <label className="picker-choice">
        <input type="checkbox" checked={isChosen} disabled={isExpired && !isChosen} onChange={() => (isChosen ? removeChoice : addChoice)(draftKey, id)} />
        <span className="entry-name">{nameOf(collection)}</span>
        <span className="entry-details">
          <span>{counts.total === 0 ? 'Empty' : count(counts.total, 'document')}</span>
          <CountsInWords counts={counts} />
          {isExpired && <span className="warn">Expired</span>}
        </span>
      </label>
    </li>
  );
}

/** One page after the other: what is searched is the whole list. */
function useAllCollections() {
  const collections = useStore(collectionStore, (all) => all);
  useEffect(() => {
    void refreshCollections();
  }, []);
  const wantsMore = collections.hasMore && collections.status === 'ready';
  useEffect(() => {
    if (wantsMore) void loadMoreCollections();
  }, [wantsMore]);
  return collections;
}
