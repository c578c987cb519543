import { loadMoreFiles } from './fileStore';
import { isFiltered, matching, type Filter } from './FileFilter';
import { FileRow } from './FileRow';
import type { FileList } from './foldFiles';

interface FileRowsProps {
  collectionId: string;
  list: FileList;
  filter: Filter;
  onShowAll: () => void;
}

export function FileRows({ collectionId, list, filter, onShowAll }: FileRowsProps) {
  const filtered = isFiltered(filter);
  const files = filtered ? matching(list.files, filter) : list.files;
  const searching = filtered && list.hasMore && !list.error;
  return (
    <>
      {searching && <p className="muted small" role="status">Looking through older documents… {list.files.length.toLocaleString('en')} so far</p>}
      {files.length === 0 && !searching && (
        <p className="files-none muted" data-testid="files-none">
          No document matches. <button type="button" className="link-button" onClick={onShowAll}>Show all</button>
        </p>
      )}
      <ul className="entries" data-testid="file-list">
        {files.map((file) => <FileRow key={file.id} collectionId={collectionId} file={file} />)}
      </ul>
      {list.hasMore && !searching && (
        <button type="button" className="button button-quiet load-more" disabled={list.loadingMore} onClick={() => loadMoreFiles(collectionId)} data-testid="load-more-files">
          {list.loadingMore ? 'Loading…' : 'Load more'}
        </button>
      )}
    </>
  );
}
