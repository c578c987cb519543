import { useEffect } from 'react';
import type { CollectionFile, DocumentStatus } from '../../api/documentWire';
import { SearchIcon } from '../../ui/icons';
import { loadAllFiles } from './fileStore';
import type { FileList } from './foldFiles';
import { pathOf } from './names';

export interface Filter {
  text: string;
  status: DocumentStatus | null;
}

export const noFilter: Filter = { text: '', status: null };
export const isFiltered = ({ text, status }: Filter): boolean => text.trim() !== '' || status !== null;

const choices: [DocumentStatus | null, string][] = [
  [null, 'All'],
  ['in_progress', 'Being read'],
  ['completed', 'Ready'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
];

export function matching(files: CollectionFile[], { text, status }: Filter): CollectionFile[] {
  const wanted = text.trim().toLocaleLowerCase();
  return files.filter((file) => (status === null || file.status === status) && pathOf(file).toLocaleLowerCase().includes(wanted));
}

interface FileFilterProps {
  collectionId: string;
  list: FileList;
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** Search and filter work on what is loaded, so the rest is loaded as soon as one of them is used. */
export function FileFilter({ collectionId, list, filter, onChange }: FileFilterProps) {
  const filtered = isFiltered(filter);
  const wantsMore = filtered && list.hasMore && !list.error;

  useEffect(() => {
    if (!wantsMore) return;
    const abort = new AbortController();
    void loadAllFiles(collectionId, abort.signal);
    return () => abort.abort();
  }, [collectionId, wantsMore]);

  return (
    <div className="file-filter">
      <div className="search-field">
        <SearchIcon size={16} />
        <input type="search" aria-label="Search documents by name" placeholder="Search by name" value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })} data-testid="file-search" />
      </div>
      <select className="select" aria-label="Status" value={filter.status ?? ''} data-testid="status-filter"
        onChange={(event) => onChange({ ...filter, status: (event.target.value || null) as DocumentStatus | null })}>
        {choices.map(([status, label]) => <option key={label} value={status ?? ''}>{label}</option>)}
      </select>
    </div>
  );
}
