import { useState } from 'react';
import type { CollectionFile } from '../../api/documentWire';
import { messageOf } from '../../api/errors';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Notice';
import { removeFile } from './removeFiles';

interface RemoveFileDialogProps {
  collectionId: string;
  file: CollectionFile;
  onClose: () => void;
}

export function RemoveFileDialog({ collectionId, file, onClose }: RemoveFileDialogProps) {
  const [original, setOriginal] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const confirm = async () => {
    setBusy(true);
    try {
      await removeFile(collectionId, file.id, original);
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Remove document?" onClose={onClose}>
      <p>“{file.filename}” will leave this collection, with all that was read from it. This cannot be undone.</p>
      <label className="check">
        <input type="checkbox" checked={original} onChange={(event) => setOriginal(event.target.checked)} />
        <span>Delete the uploaded file as well, in all collections that have it</span>
      </label>
      {error && <Notice kind="error">{error}</Notice>}
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>Cancel</button>
        <button type="button" className="button button-danger" disabled={busy} onClick={confirm} data-testid="confirm-remove">Remove</button>
      </div>
    </Dialog>
  );
}
