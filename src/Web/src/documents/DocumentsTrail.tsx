import { followLink, type DocumentsRoute } from '../app/router';
import { useStore } from '../ui/store';
import { collectionOf, collectionStore } from './collections/collectionStore';
import { collectionPath, documentsPath } from './paths';
import { useKnownFile } from './reader/openedFile';

/** What the addressed page is called, as far as it is known. */
export function useDocumentsTitle(route: DocumentsRoute | null): string | null {
  const collection = useStore(collectionStore, (all) => collectionOf(all, route?.collectionId ?? null)?.name);
  const file = useKnownFile(route?.collectionId ?? null, route?.fileId ?? null)?.filename;
  if (!route) return null;
  return (route.isSearch ? 'Search' : route.fileId ? file : route.collectionId ? collection : null) || 'Documents';
}

/** Where one is, from the list of collections down; the last of it is the page itself. */
export function DocumentsTrail({ route }: { route: DocumentsRoute }) {
  const title = useDocumentsTitle(route);
  const collection = useStore(collectionStore, (all) => collectionOf(all, route.collectionId)?.name);
  return (
    <nav className="trail" aria-label="Where you are">
      {route.collectionId && <a href={documentsPath} onClick={followLink}>Documents</a>}
      {route.collectionId && (route.fileId || route.isSearch) && <a href={collectionPath(route.collectionId)} onClick={followLink}>{collection || 'Collection'}</a>}
      <h1 className="page-title" data-testid="documents-title">{title}</h1>
    </nav>
  );
}
