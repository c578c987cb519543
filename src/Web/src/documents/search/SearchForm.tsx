import type { FormEvent } from 'react';
import { ChevronIcon, SearchIcon } from '../../ui/icons';
import { FilterBuilder } from './FilterBuilder';
import { noSearch, type Search } from './searchState';

interface SearchFormProps {
  collectionId: string;
  search: Search;
  busy: boolean;
  onChange: (search: Search) => void;
  onSubmit: (search: Search) => void;
}

export function SearchForm({ collectionId, search, busy, onChange, onSubmit }: SearchFormProps) {
  const set = (change: Partial<Search>) => onChange({ ...search, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (search.question.trim() !== '') onSubmit(search);
  };
  const changed = countChanged(search);

  return (
    <form className="search-form" role="search" onSubmit={submit} data-testid="search-form">
      <div className="search-line">
        <div className="search-field">
          <SearchIcon size={16} />
          <input type="search" aria-label="Question" placeholder="What do you want to find?" value={search.question} maxLength={4096}
            onChange={(event) => set({ question: event.target.value })} data-testid="search-question" />
        </div>
        <button type="submit" className="button button-primary" disabled={busy || search.question.trim() === ''} data-testid="search-submit">Search</button>
      </div>
      <details className="search-options" open={changed > 0 || undefined}>
        <summary data-testid="search-options"><ChevronIcon size={15} /> Settings and filter{changed > 0 && <span className="muted"> ({changed} changed)</span>}</summary>
        <div className="search-settings">
          <label>
            <span>Results</span>
            <input type="number" min={1} max={50} required value={search.results} onChange={(event) => set({ results: event.target.valueAsNumber || 1 })} />
          </label>
          <label>
            <span>Lowest score</span>
            <input type="number" min={0} max={1} step={0.01} required value={search.threshold} onChange={(event) => set({ threshold: event.target.valueAsNumber || 0 })} />
          </label>
          <Weights meaning={search.meaning} onChange={(meaning) => set({ meaning })} />
          <label className="check">
            <input type="checkbox" checked={search.rerank} onChange={(event) => set({ rerank: event.target.checked })} />
            <span>Rank again with a model, where there is one</span>
          </label>
          <label className="check">
            <input type="checkbox" checked={search.rewrite} onChange={(event) => set({ rewrite: event.target.checked })} />
            <span>Reword the question for search</span>
          </label>
        </div>
        <FilterBuilder collectionId={collectionId} conditions={search.conditions} match={search.match} onChange={set} />
      </details>
    </form>
  );
}

function countChanged(search: Search): number {
  const settings = ['results', 'threshold', 'meaning', 'rerank', 'rewrite'] as const;
  return settings.filter((name) => search[name] !== noSearch[name]).length + search.conditions.length;
}

/** How much the meaning counts against the words, where the collection's own choice is not to be taken. */
function Weights({ meaning, onChange }: { meaning: number | null; onChange: (meaning: number | null) => void }) {
  return (
    <fieldset className="search-weights">
      <legend>Weights</legend>
      <label className="check">
        <input type="checkbox" checked={meaning === null} onChange={(event) => onChange(event.target.checked ? null : 0.5)} />
        <span>As suits the collection</span>
      </label>
      {meaning !== null && (
        <label className="search-balance">
          <span>Words {100 - Math.round(meaning * 100)} %</span>
          <input type="range" min={0} max={1} step={0.05} value={meaning} aria-label="Weight of the meaning" aria-valuetext={`Words ${100 - Math.round(meaning * 100)} %, meaning ${Math.round(meaning * 100)} %`}
            onChange={(event) => onChange(event.target.valueAsNumber)} />
          <span>Meaning {Math.round(meaning * 100)} %</span>
        </label>
      )}
    </fieldset>
  );
}
