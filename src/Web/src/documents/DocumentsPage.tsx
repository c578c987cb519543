import { followLink, type DocumentsRoute } from '../app/router';
import { useStore } from '../ui/store';
import { CollectionsPage } from './collections/CollectionsPage';
import { collectionOf, collectionStore } from './collections/collectionStore';
import { endings } from './collections/endings';
import { CollectionPage } from './files/CollectionPage';
import { useWatch } from './files/useWatch';
import { documentsPath } from './paths';
import { QuotedWords } from './reader/QuotedWords';
import { ReaderPage } from './reader/ReaderPage';
import { SearchPage } from './search/SearchPage';
import { addFiles } from './uploads/addFiles';
import { ConflictDialog } from './uploads/ConflictDialog';
import { DropZone } from './uploads/DropZone';
import './documents.css';

export function DocumentsPage({ route }: { route: DocumentsRoute }) {
  const { collectionId, fileId, filePage, isSearch } = route;
  return (
    <>
      {collectionId === null ? <CollectionsPage /> : <OneCollection key={collectionId} id={collectionId} fileId={fileId} page={filePage} isSearch={isSearch} />}
      <ConflictDialog />
    </>
  );
}

interface OneCollectionProps {
  id: string;
  fileId: string | null;
  page: number;
  isSearch: boolean;
}

function OneCollection({ id, fileId, page, isSearch }: OneCollectionProps) {
  const ending = useStore(endings, (all) => all[id]);
  useWatch(id, ending === undefined);
  const isExpired = useStore(collectionStore, (all) => collectionOf(all, id)?.status === 'expired');
  if (ending === 'gone') return <Missing />;
  return (
    <DropZone label="Drop files to add them to this collection" onPicked={(picked) => void addFiles(id, picked)} disabled={isExpired}>
      {isSearch ? <SearchPage id={id} /> : fileId ? <ReaderPage key={fileId} collectionId={id} fileId={fileId} page={page} /> : <CollectionPage id={id} />}
    </DropZone>
  );
}

function Missing() {
  return (
    <div className="missing" data-testid="collection-missing">
      <h2>There is no such collection</h2>
      <p className="muted">It may have been deleted, or it belongs to another workspace.</p>
      <QuotedWords title="A document of it was cited with these words:" />
      <a className="button button-primary" href={documentsPath} onClick={followLink}>All collections</a>
    </div>
  );
}
