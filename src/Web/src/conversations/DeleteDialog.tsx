import { useState } from 'react';
import { messageOf } from '../api/errors';
import { navigate } from '../app/router';
import { abandon } from '../chat/runs';
import { Dialog } from '../ui/Dialog';
import { Notice } from '../ui/Notice';
import { deleteConversation } from './conversationStore';

interface DeleteDialogProps {
  id: string;
  title: string;
  active: boolean;
  onClose: () => void;
}

export function DeleteDialog({ id, title, active, onClose }: DeleteDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const confirm = async () => {
    setBusy(true);
    try {
      await deleteConversation(id);
      abandon(id);
      if (active) navigate('/', { replace: true });
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Delete conversation?" onClose={onClose}>
      <p>
        “{title}” and all of its messages will be deleted. This cannot be undone.
      </p>
      {error && <Notice kind="error">{error}</Notice>}
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>Cancel</button>
        <button type="button" className="button button-danger" disabled={busy} onClick={confirm} data-testid="confirm-delete">
          Delete
        </button>
      </div>
    </Dialog>
  );
}
