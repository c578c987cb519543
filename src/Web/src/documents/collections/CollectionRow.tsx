import { memo, useState } from 'react';
import type { Collection, FileCounts } from '../../api/documentWire';
import { followLink } from '../../app/router';
import { DotsIcon, FolderIcon, PencilIcon, TrashIcon } from '../../ui/icons';
import { Menu } from '../../ui/Menu';
import { collectionPath } from '../paths';
import { count, sizeInWords } from '../words';
import { renameCollection } from './collectionStore';
import { DeleteCollectionDialog } from './DeleteCollectionDialog';
import { NameDialog } from './NameDialog';

export const CollectionRow = memo(function CollectionRow({ collection }: { collection: Collection }) {
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const { id, file_counts: counts, usage_bytes } = collection;
  const name = collection.name || 'Without a name';
  const close = () => setDialog(null);

  return (
    <li className="entry entry-link" data-testid="collection-row">
      <FolderIcon size={20} />
      <div className="entry-text">
        <a className="entry-name" href={collectionPath(id)} onClick={followLink}>{name}</a>
        <p className="entry-details">
          <span>{counts.total === 0 ? 'Empty' : count(counts.total, 'document')}</span>
          {usage_bytes > 0 && <span>{sizeInWords(usage_bytes)}</span>}
          <CountsInWords counts={counts} />
          {collection.status === 'expired' && <span className="warn">Expired</span>}
        </p>
      </div>
      <Menu label={`Actions for ${name}`} className="entry-menu" button={<DotsIcon />} testId="collection-menu">
        {(closeMenu) => (
          <>
            <button type="button" role="menuitem" onClick={() => { closeMenu(); setDialog('rename'); }} data-testid="rename-collection">
              <PencilIcon /> Rename
            </button>
            <button type="button" role="menuitem" className="danger" onClick={() => { closeMenu(); setDialog('delete'); }} data-testid="delete-collection">
              <TrashIcon /> Delete
            </button>
          </>
        )}
      </Menu>
      {dialog === 'rename' && (
        <NameDialog title="Rename collection" action="Rename" name={collection.name} onName={(text) => renameCollection(id, text)} onClose={close} />
      )}
      {dialog === 'delete' && <DeleteCollectionDialog collection={collection} onDeleted={close} onClose={close} />}
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
