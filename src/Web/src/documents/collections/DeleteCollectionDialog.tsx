import { useState } from 'react';
import type { Collection } from '../../api/documentWire';
import { messageOf } from '../../api/errors';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Notice';
import { deleteAllFiles } from '../files/removeFiles';
import { uploadQueue } from '../uploads/uploads';
import { count } from '../words';
import { deleteCollection } from './collectionStore';

interface DeleteCollectionDialogProps {
  collection: Collection;
  onDeleted?: (() => void) | undefined;
  onClose: () => void;
}

export function DeleteCollectionDialog({ collection, onDeleted, onClose }: DeleteCollectionDialogProps) {
  const [originals, setOriginals] = useState(true);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { id, name, file_counts } = collection;

  const confirm = async () => {
    setBusy('Deleting…');
    setError(null);
    try {
      uploadQueue.removeAll(id);
      if (originals) await deleteAllFiles(id, (done) => setBusy(`Deleting… ${done} of ${file_counts.total}`));
      await deleteCollection(id);
      onDeleted?.();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(null);
    }
  };

  return (
    <Dialog title="Delete collection?" onClose={onClose}>
      <p>
        “{name}” will be deleted{file_counts.total > 0 && `, with what was read from its ${count(file_counts.total, 'document')}`}. This cannot be undone.
      </p>
      {file_counts.total > 0 && (
        <label className="check">
          <input type="checkbox" checked={originals} onChange={(event) => setOriginals(event.target.checked)} disabled={busy !== null} />
          <span>Delete the uploaded files as well, in all collections that have them</span>
        </label>
      )}
      {error && <Notice kind="error">{error}</Notice>}
      <div className="form-actions">
        {busy && <span className="muted small dialog-progress" role="status">{busy}</span>}
        <button type="button" className="button" onClick={onClose}>Cancel</button>
        <button type="button" className="button button-danger" disabled={busy !== null} onClick={confirm} data-testid="confirm-delete">
          Delete
        </button>
      </div>
    </Dialog>
  );
}
