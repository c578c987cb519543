import { useState } from 'react';
import type { Collection } from '../../api/documentWire';
import { DotsIcon, PencilIcon, SearchIcon, TrashIcon } from '../../ui/icons';
import { Menu } from '../../ui/Menu';
import { nameOf, renameCollection } from './collectionStore';
import { DeleteCollectionDialog } from './DeleteCollectionDialog';
import { EmbeddingModelDialog } from './EmbeddingModelDialog';
import { NameDialog } from './NameDialog';

interface CollectionMenuProps {
  collection: Collection;
  className?: string;
  onDeleted?: () => void;
}

/** What can be done with a collection as a whole. */
export function CollectionMenu({ collection, className, onDeleted }: CollectionMenuProps) {
  const [dialog, setDialog] = useState<'rename' | 'model' | 'delete' | null>(null);
  const { id, name } = collection;
  const close = () => setDialog(null);
  return (
    <>
      <Menu label={`Actions for ${nameOf(collection)}`} {...(className ? { className } : {})} button={<DotsIcon />} testId="collection-menu">
        {(closeMenu) => (
          <>
            <button type="button" role="menuitem" onClick={() => { closeMenu(); setDialog('rename'); }} data-testid="rename-collection">
              <PencilIcon /> Rename
            </button>
            <button type="button" role="menuitem" onClick={() => { closeMenu(); setDialog('model'); }} data-testid="embedding-model">
              <SearchIcon /> Embedding model
            </button>
            <button type="button" role="menuitem" className="danger" onClick={() => { closeMenu(); setDialog('delete'); }} data-testid="delete-collection">
              <TrashIcon /> Delete
            </button>
          </>
        )}
      </Menu>
      {dialog === 'rename' && <NameDialog title="Rename collection" action="Rename" name={name} onName={(text) => renameCollection(id, text)} onClose={close} />}
      {dialog === 'model' && <EmbeddingModelDialog collection={collection} onClose={close} />}
      {dialog === 'delete' && <DeleteCollectionDialog collection={collection} onDeleted={onDeleted} onClose={close} />}
    </>
  );
}
