import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/errors';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { renameConversation } from './conversationStore';

interface RenameDialogProps {
  id: string;
  title: string;
  onClose: () => void;
}

export function RenameDialog({ id, title, onClose }: RenameDialogProps) {
  const [text, setText] = useState(title);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await renameConversation(id, text.trim());
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Rename conversation" onClose={onClose}>
      <form className="form" onSubmit={submit} data-testid="rename-form">
        <Field label="Title" required maxLength={200} value={text} errors={error ? [error] : undefined}
          onChange={(event) => setText(event.target.value)} onFocus={(event) => event.target.select()} />
        <div className="form-actions">
          <button type="button" className="button" onClick={onClose}>Cancel</button>
          <button type="submit" className="button button-primary" disabled={busy || text.trim() === ''}>Rename</button>
        </div>
      </form>
    </Dialog>
  );
}
