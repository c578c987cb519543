import { useId } from 'react';
import type { CollectionFile, Operator } from '../../api/documentWire';
import { CloseIcon, PlusIcon } from '../../ui/icons';
import { useStore } from '../../ui/store';
import { fileStore } from '../files/fileStore';
import { operators, type Condition, type Search } from './searchState';

interface FilterBuilderProps {
  collectionId: string;
  conditions: Condition[];
  match: Search['match'];
  onChange: (change: Pick<Search, 'conditions' | 'match'>) => void;
}

const noFiles: CollectionFile[] = [];

/** Conditions on the attributes of documents: all of them, or any. */
export function FilterBuilder({ collectionId, conditions, match, onChange }: FilterBuilderProps) {
  const files = useStore(fileStore, (all) => all[collectionId]?.files ?? noFiles);
  const keys = [...new Set(files.flatMap(({ attributes }) => Object.keys(attributes ?? {})))].toSorted();
  const id = useId();
  const set = (index: number, change: Partial<Condition>) => onChange({ conditions: conditions.with(index, { ...conditions[index]!, ...change }), match });

  return (
    <fieldset className="filter-builder">
      <legend>
        Only documents whose attributes meet{' '}
        {conditions.length > 1 ? (
          <select className="select" aria-label="How many of the conditions" value={match} onChange={(event) => onChange({ conditions, match: event.target.value as Search['match'] })}>
            <option value="and">all of these</option>
            <option value="or">any of these</option>
          </select>
        ) : 'this'}
      </legend>
      {conditions.map(({ key, operator, value }, index) => (
        <div key={index} className="condition" data-testid="condition">
          <input aria-label="Attribute" placeholder="attribute" value={key} list={id} maxLength={64} onChange={(event) => set(index, { key: event.target.value })} />
          <select className="select" aria-label="Comparison" value={operator} onChange={(event) => set(index, { operator: event.target.value as Operator })}>
            {Object.entries(operators).map(([name, words]) => <option key={name} value={name}>{words}</option>)}
          </select>
          <input aria-label="Value" placeholder={operator === 'in' || operator === 'nin' ? 'one, another' : 'value'} value={value} onChange={(event) => set(index, { value: event.target.value })} />
          <button type="button" className="icon-button" aria-label="Remove this condition" title="Remove" onClick={() => onChange({ conditions: conditions.toSpliced(index, 1), match })}>
            <CloseIcon size={16} />
          </button>
        </div>
      ))}
      <datalist id={id}>{keys.map((key) => <option key={key} value={key}>{key}</option>)}</datalist>
      <div className="filter-more">
        <button type="button" className="button button-small" onClick={() => onChange({ conditions: [...conditions, { key: '', operator: 'eq', value: '' }], match })} data-testid="add-condition">
          <PlusIcon size={15} /> Add a condition
        </button>
        {conditions.length > 0 && <span className="muted small">Numbers and true or false are meant as such, unless in quotation marks: "2026".</span>}
      </div>
    </fieldset>
  );
}
