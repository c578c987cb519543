import { useState, type FormEvent } from 'react';
import type { Collection } from '../../api/documentWire';
import { messageOf } from '../../api/errors';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { count } from '../words';
import { createCollection, nameOf } from './collectionStore';

interface ChooseCollectionDialogProps {
  collections: Collection[];
  files: number;
  onChosen: (collectionId: string) => void;
  onClose: () => void;
}

/** Where files go that were added beside all collections. */
export function ChooseCollectionDialog({ collections, files, onChosen, onClose }: ChooseCollectionDialogProps) {
  const usable = collections.filter(({ status }) => status !== 'expired');
  const [choice, setChoice] = useState(usable[0]?.id ?? '');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      onChosen(choice || (await createCollection(name.trim())).id);
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog title={`Add ${count(files, 'file')} to which collection?`} onClose={onClose}>
      <form className="form" onSubmit={submit} data-testid="choose-collection">
        <div className="field">
          <label htmlFor="chosen-collection">Collection</label>
          <select id="chosen-collection" className="select" value={choice} onChange={(event) => setChoice(event.target.value)}>
            {usable.map((collection) => <option key={collection.id} value={collection.id}>{nameOf(collection)}</option>)}
            <option value="">A new collection…</option>
          </select>
        </div>
        {choice === '' && <Field label="Name" required maxLength={256} value={name} onChange={(event) => setName(event.target.value)} />}
        {error && <Notice kind="error">{error}</Notice>}
        <div className="form-actions">
          <button type="button" className="button" onClick={onClose}>Cancel</button>
          <button type="submit" className="button button-primary" disabled={busy || (choice === '' && name.trim() === '')}>Add</button>
        </div>
      </form>
    </Dialog>
  );
}
