import { memo } from 'react';
import type { Collection, FileCounts, ModelChange } from '../../api/documentWire';
import { followLink } from '../../app/router';
import { FolderIcon } from '../../ui/icons';
import { collectionPath } from '../paths';
import { count, sizeInWords } from '../words';
import { CollectionMenu } from './CollectionMenu';
import { nameOf } from './collectionStore';

export const CollectionRow = memo(function CollectionRow({ collection }: { collection: Collection }) {
  const { id, file_counts: counts, usage_bytes } = collection;

  return (
    <li className="entry entry-link" data-testid="collection-row">
      <FolderIcon size={20} />
      <div className="entry-text">
        <a className="entry-name" href={collectionPath(id)} onClick={followLink}>{nameOf(collection)}</a>
        <p className="entry-details">
          <span>{counts.total === 0 ? 'Empty' : count(counts.total, 'document')}</span>
          {usage_bytes > 0 && <span>{sizeInWords(usage_bytes)}</span>}
          <CountsInWords counts={counts} />
          <ModelChangeInWords change={collection.reembedding} />
          {collection.status === 'expired' && <span className="warn">Expired</span>}
        </p>
      </div>
      <CollectionMenu collection={collection} className="entry-menu" />
    </li>
  );
});

/** Only what is not as it should be in the end. */
export function CountsInWords({ counts }: { counts: FileCounts }) {
  return (
    <>
      {counts.in_progress > 0 && <span className="busy">{counts.in_progress.toLocaleString('en')} being read</span>}
      {counts.failed > 0 && <span className="warn">{counts.failed.toLocaleString('en')} failed</span>}
      {counts.cancelled > 0 && <span>{counts.cancelled.toLocaleString('en')} cancelled</span>}
    </>
  );
}

export function ModelChangeInWords({ change }: { change: ModelChange | null | undefined }) {
  if (change?.status === 'in_progress') return <span className="busy">Changing its embedding model</span>;
  return change?.status === 'failed' ? <span className="warn">Change of embedding model failed</span> : null;
}
