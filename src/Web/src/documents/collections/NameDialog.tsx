import { useState, type FormEvent } from 'react';
import { messageOf } from '../../api/errors';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';

interface NameDialogProps {
  title: string;
  action: string;
  name?: string;
  onName: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks what a collection is to be called. */
export function NameDialog({ title, action, name = '', onName, onClose }: NameDialogProps) {
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(text.trim());
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit} data-testid="collection-name-form">
        <Field label="Name" required maxLength={256} value={text} errors={error ? [error] : undefined}
          onChange={(event) => setText(event.target.value)} onFocus={(event) => event.target.select()} />
        <div className="form-actions">
          <button type="button" className="button" onClick={onClose}>Cancel</button>
          <button type="submit" className="button button-primary" disabled={busy || text.trim() === ''}>{action}</button>
        </div>
      </form>
    </Dialog>
  );
}
