import { useState } from 'react';
import { Dialog } from '../../ui/Dialog';
import { useStore } from '../../ui/store';
import { count } from '../words';
import { conflictStore, type Conflict, type ConflictChoice } from './conflicts';

/** Asks what is meant by a file whose name is there already. */
export function ConflictDialog() {
  const conflict = useStore(conflictStore, (value) => value);
  return conflict && <Question key={conflict.name} conflict={conflict} />;
}

function Question({ conflict: { name, others, answer } }: { conflict: Conflict }) {
  const [forAll, setForAll] = useState(false);
  const choose = (choice: ConflictChoice) => answer(choice, forAll);
  return (
    <Dialog title="This name is there already" onClose={() => choose('skip')}>
      <p>The collection has a document “{name}”. If you replace it, the old one can be found until the new one is ready.</p>
      {others > 0 && (
        <label className="check">
          <input type="checkbox" checked={forAll} onChange={(event) => setForAll(event.target.checked)} data-testid="for-all" />
          <span>Do the same for {count(others, 'other file')} with names that are taken</span>
        </label>
      )}
      <div className="form-actions">
        <button type="button" className="button" onClick={() => choose('skip')} data-testid="conflict-skip">Skip</button>
        <button type="button" className="button" onClick={() => choose('keep-both')} data-testid="conflict-keep">Keep both</button>
        <button type="button" className="button button-primary" onClick={() => choose('replace')} data-testid="conflict-replace">Replace</button>
      </div>
    </Dialog>
  );
}
