import { useEffect, useState } from 'react';
import { followLink, navigate } from '../../app/router';
import { ChatIcon, SearchIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { useStore } from '../../ui/store';
import { CollectionMenu } from '../collections/CollectionMenu';
import { CountsInWords, ModelChangeInWords } from '../collections/CollectionRow';
import { collectionOf, collectionStore } from '../collections/collectionStore';
import { askPath, documentsPath, searchPath } from '../paths';
import { addFiles } from '../uploads/addFiles';
import { PickButtons } from '../uploads/PickButtons';
import { UploadPanel } from '../uploads/UploadPanel';
import { uploadQueue } from '../uploads/uploads';
import { count, sizeInWords } from '../words';
import { Announcer } from './Announcer';
import { FileFilter, noFilter, type Filter } from './FileFilter';
import { FileRows } from './FileRows';
import { fileStore } from './fileStore';
import { noFiles } from './foldFiles';

/** The documents of a collection. */
export function CollectionPage({ id }: { id: string }) {
  const list = useStore(fileStore, (all) => all[id] ?? noFiles);
  const collection = useStore(collectionStore, (all) => collectionOf(all, id));
  const uploading = useStore(uploadQueue.uploads, (all) => all.some(({ collectionId }) => collectionId === id));
  const [filter, setFilter] = useState<Filter>(noFilter);
  const add = (picked: Parameters<typeof addFiles>[1]) => void addFiles(id, picked);

  const isEmpty = list.status === 'ready' && list.files.length === 0 && !uploading;
  const isExpired = collection?.status === 'expired';
  // Only once it is known where they belong: with its buttons, a dialog would lose what is being chosen in it.
  const hasButtons = list.status !== 'loading' && !isEmpty && !isExpired;
  return (
    <div className="documents-column">
      <div className="documents-bar">
        <p className="entry-details" data-testid="collection-details">
          {collection && collection.file_counts.total > 0 && (
            <>
              <span>{count(collection.file_counts.total, 'document')}</span>
              {collection.usage_bytes > 0 && <span>{sizeInWords(collection.usage_bytes)}</span>}
              <CountsInWords counts={collection.file_counts} />
              <ModelChangeInWords change={collection.reembedding} />
            </>
          )}
          {list.reconnecting && <span className="reconnecting" role="status">Reconnecting…</span>}
        </p>
        {collection && collection.file_counts.completed > 0 && !isExpired && (
          <div className="collection-uses">
            <a className="button" href={askPath(id)} onClick={followLink} data-testid="ask-collection"><ChatIcon /> Ask</a>
            <a className="button" href={searchPath(id)} onClick={followLink} data-testid="search-collection"><SearchIcon /> Search</a>
          </div>
        )}
        {hasButtons && <PickButtons onPicked={add} />}
        {collection && <CollectionMenu collection={collection} onDeleted={() => navigate(documentsPath, { replace: true })} />}
      </div>
      {isExpired && <Notice kind="info">This collection has expired: its documents cannot be searched, and none can be added.</Notice>}
      {list.error && <Notice kind="error" testId="collection-error">{list.error}</Notice>}
      <UploadPanel collectionId={id} />
      {list.status === 'loading' && <Skeleton />}
      {isEmpty && (
        <div className="documents-empty" data-testid="files-empty">
          <h2>This collection is empty</h2>
          {!isExpired && (
            <>
              <p className="muted">Drop files or whole folders anywhere on this page.</p>
              <PickButtons onPicked={add} primary />
            </>
          )}
        </div>
      )}
      {list.files.length > 0 && (
        <>
          <FileFilter collectionId={id} list={list} filter={filter} onChange={setFilter} />
          <FileRows collectionId={id} list={list} filter={filter} onShowAll={() => setFilter(noFilter)} />
        </>
      )}
      <Announcer list={list} />
    </div>
  );
}

/** Most lists are there before anyone has seen that they were not. */
function Skeleton() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="skeleton-list" role="status" aria-label="Loading">
      {[62, 48, 71].map((width) => <div key={width} className="skeleton" style={{ width: `${width}%` }} />)}
    </div>
  );
}
