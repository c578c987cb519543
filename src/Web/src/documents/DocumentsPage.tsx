import { useEffect } from 'react';
import { followLink, type DocumentsRoute } from '../app/router';
import { useStore } from '../ui/store';
import { CollectionsPage } from './collections/CollectionsPage';
import { collectionOf, collectionStore } from './collections/collectionStore';
import { endings } from './collections/endings';
import { CollectionPage } from './files/CollectionPage';
import { watchFiles } from './files/fileStore';
import { documentsPath } from './paths';
import { ReaderPage } from './reader/ReaderPage';
import { addFiles } from './uploads/addFiles';
import { ConflictDialog } from './uploads/ConflictDialog';
import { DropZone } from './uploads/DropZone';
import './documents.css';

/** A tab that nobody has looked at for so long lets go of its connection: browsers have few of them for all tabs together. */
const unseenMs = 60_000;

export function DocumentsPage({ route }: { route: DocumentsRoute }) {
  const { collectionId, fileId, filePage } = route;
  return (
    <>
      {collectionId === null ? <CollectionsPage /> : <OneCollection key={collectionId} id={collectionId} fileId={fileId} page={filePage} />}
      <ConflictDialog />
    </>
  );
}

function OneCollection({ id, fileId, page }: { id: string; fileId: string | null; page: number }) {
  const ending = useStore(endings, (all) => all[id]);
  useWatch(id, ending === undefined);
  const isExpired = useStore(collectionStore, (all) => collectionOf(all, id)?.status === 'expired');
  if (ending === 'gone') return <Missing />;
  return (
    <DropZone label="Drop files to add them to this collection" onPicked={(picked) => void addFiles(id, picked)} disabled={isExpired}>
      {fileId ? <ReaderPage key={fileId} collectionId={id} fileId={fileId} page={page} /> : <CollectionPage id={id} />}
    </DropZone>
  );
}

function Missing() {
  return (
    <div className="missing" data-testid="collection-missing">
      <h2>There is no such collection</h2>
      <p className="muted">It may have been deleted, or it belongs to another workspace.</p>
      <a className="button button-primary" href={documentsPath} onClick={followLink}>All collections</a>
    </div>
  );
}

function useWatch(collectionId: string, isThere: boolean): void {
  useEffect(() => {
    if (!isThere) return;
    let watching = new AbortController();
    let unseen: ReturnType<typeof setTimeout> | undefined;
    const onVisibility = () => {
      clearTimeout(unseen);
      if (document.visibilityState === 'hidden') unseen = setTimeout(() => watching.abort(), unseenMs);
      else if (watching.signal.aborted) begin();
    };
    const begin = () => {
      watching = new AbortController();
      void watchFiles(collectionId, watching.signal);
    };
    begin();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(unseen);
      watching.abort();
    };
  }, [collectionId, isThere]);
}
