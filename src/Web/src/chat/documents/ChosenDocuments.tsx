import { useEffect } from 'react';
import { ApiError } from '../../api/errors';
import { followLink } from '../../app/router';
import { collectionOf, collectionStore, nameOf, refreshCollection, refreshCollectionSoon } from '../../documents/collections/collectionStore';
import { endings, goneForGood } from '../../documents/collections/endings';
import { CountsInWords } from '../../documents/collections/CollectionRow';
import { useWatch } from '../../documents/files/useWatch';
import { collectionPath } from '../../documents/paths';
import { isActive } from '../../documents/uploads/uploadQueue';
import { UploadPanel } from '../../documents/uploads/UploadPanel';
import { uploadQueue } from '../../documents/uploads/uploads';
import { CloseIcon, FolderIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { useStore } from '../../ui/store';
import { removeChoice } from './choices';
import './chatDocuments.css';

interface ChosenDocumentsProps {
  draftKey: string;
  chosen: readonly string[];
}

/** The collections that the next question is put to, and what there is to know about them beforehand. */
export function ChosenDocuments({ draftKey, chosen }: ChosenDocumentsProps) {
  useChecked(chosen);
  const busy = useBusy(chosen);
  const gone = useStore(endings, (all) => chosen.find((id) => all[id] === 'gone'));
  const expired = useStore(collectionStore, (all) => chosen.find((id) => collectionOf(all, id)?.status === 'expired'));
  useWatch(busy ?? '', busy !== undefined);
  if (chosen.length === 0) return null;
  return (
    <div className="chosen-documents">
      {chosen.map((id) => <UploadPanel key={id} collectionId={id} />)}
      {gone && (
        <Notice kind="error" testId="collection-gone"
          actions={<button type="button" className="button button-small" onClick={() => removeChoice(draftKey, gone)} data-testid="go-on-without">Go on without it</button>}>
          A collection that this chat asked has been deleted.
        </Notice>
      )}
      {expired && (
        <Notice kind="error" testId="collection-expired"
          actions={<button type="button" className="button button-small" onClick={() => removeChoice(draftKey, expired)}>Go on without it</button>}>
          A collection that this chat asks has expired: it cannot be searched any more.
        </Notice>
      )}
      <ul className="chosen-list" aria-label="Documents that are asked" data-testid="chosen-documents">
        {chosen.map((id) => <Chosen key={id} id={id} onRemove={() => removeChoice(draftKey, id)} />)}
      </ul>
    </div>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const collection = useStore(collectionStore, (all) => collectionOf(all, id));
  const isGone = useStore(endings, (all) => all[id] === 'gone');
  const uploading = useStore(uploadQueue.uploads, (all) => all.some((upload) => upload.collectionId === id && isActive(upload)));
  const name = collection ? nameOf(collection) : isGone ? 'Deleted collection' : 'Collection';
  return (
    <li className="chosen" data-testid="chosen-collection">
      <FolderIcon size={15} />
      {isGone ? <span className="warn">{name}</span> : <a href={collectionPath(id)} onClick={followLink}>{name}</a>}
      {collection && (
        <span className="entry-details">
          {uploading && <span className="busy">adding files</span>}
          {collection.file_counts.total === 0 && !uploading && <span>empty</span>}
          <CountsInWords counts={collection.file_counts} />
        </span>
      )}
      <button type="button" className="chosen-remove" onClick={onRemove} aria-label={`Do not ask ${name}`} title="Do not ask it" data-testid="remove-chosen">
        <CloseIcon size={14} />
      </button>
    </li>
  );
}

/** Asks once about each: it may have been deleted since, and its documents may still be being read. */
function useChecked(chosen: readonly string[]): void {
  const key = chosen.join();
  useEffect(() => {
    for (const id of key === '' ? [] : key.split(',')) void checkCollection(id);
  }, [key]);
}

export async function checkCollection(id: string): Promise<void> {
  try {
    await refreshCollection(id);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) goneForGood(id);
  }
}

/** The first in which something is going on, to be followed: browsers have few connections. */
function useBusy(chosen: readonly string[]): string | undefined {
  const uploading = useStore(uploadQueue.uploads, (all) => all.find((upload) => isActive(upload) && chosen.includes(upload.collectionId))?.collectionId);
  const reading = useStore(collectionStore, (all) => chosen.find((id) => (collectionOf(all, id)?.file_counts.in_progress ?? 0) > 0));
  useEffect(() => {
    // What was uploaded is not counted before it is asked for.
    if (uploading) return () => refreshCollectionSoon(uploading);
    return undefined;
  }, [uploading]);
  return uploading ?? reading;
}
