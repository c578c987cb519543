import { useEffect, useMemo, useState } from 'react';
import { followLink, navigate, useQuery } from '../../app/router';
import { Notice } from '../../ui/Notice';
import { useStore } from '../../ui/store';
import { collectionOf, collectionStore } from '../collections/collectionStore';
import { collectionPath, searchPath } from '../paths';
import { count } from '../words';
import { HitView } from './HitView';
import { SearchForm } from './SearchForm';
import { fromQuery, toQuery, type Search } from './searchState';
import { useSearch } from './useSearch';
import './search.css';

/** Tries out what a collection answers to a question, and shows why. */
export function SearchPage({ id }: { id: string }) {
  const query = useQuery();
  const search = useMemo(() => fromQuery(query), [query]);
  const collection = useStore(collectionStore, (all) => collectionOf(all, id));
  const { results, status, error, milliseconds, more, again } = useSearch(id, search);
  const [draft, setDraft] = useState(search);
  useEffect(() => setDraft(search), [search]);

  const submit = (wanted: Search) => {
    const path = searchPath(id) + toQuery({ ...wanted, conditions: wanted.conditions.filter(({ key }) => key.trim() !== '') });
    // The same once more: its documents may have changed.
    if (path === location.pathname + location.search) again();
    else navigate(path);
  };

  return (
    <div className="documents-column search-page" data-testid="search-page">
      <SearchForm collectionId={id} search={draft} busy={status === 'searching'} onChange={setDraft} onSubmit={submit} />
      <p className="visually-hidden" role="status">{status === 'ready' && results ? outcome(results.data.length, results.has_more) : status === 'searching' ? 'Searching' : ''}</p>
      {error && (
        <Notice kind="error" testId="search-error" actions={<button type="button" className="button button-small" onClick={again}>Try again</button>}>{error}</Notice>
      )}
      {collection && collection.file_counts.in_progress > 0 && (
        <Notice kind="info">{count(collection.file_counts.in_progress, 'document')} of this collection {collection.file_counts.in_progress === 1 ? 'is' : 'are'} still being read, and not found yet.</Notice>
      )}
      {results?.warning && <Notice kind="info">{results.warning}</Notice>}
      {status === 'idle' && (
        <div className="search-none muted">
          <p>Ask as you would in a chat, or give a few words. You see which passages are found, how well they fit, and why.</p>
        </div>
      )}
      {results && results.data.length > 0 && (
        <>
          <p className="muted small search-summary" aria-hidden="true">
            {outcome(results.data.length, results.has_more)}{milliseconds !== null && ` in ${milliseconds.toLocaleString('en')} ms`}
            {isRewritten(results.search_query, search.question) && `, searched for ${results.search_query.map((text) => `“${text}”`).join(', ')}`}
          </p>
          <ol className="hits" aria-busy={status === 'searching'} data-testid="hits">
            {results.data.map((hit, index) => <HitView key={`${hit.file_id} ${hit.start}`} collectionId={id} hit={hit} rank={index + 1} />)}
          </ol>
          {results.has_more && (
            <button type="button" className="button button-quiet load-more" onClick={more} disabled={status === 'more'} data-testid="more-hits">
              {status === 'more' ? 'Searching…' : 'Show more'}
            </button>
          )}
        </>
      )}
      {results && results.data.length === 0 && status === 'ready' && <NothingFound id={id} search={search} isEmpty={collection?.file_counts.completed === 0} />}
    </div>
  );
}

const outcome = (found: number, hasMore: boolean): string => (hasMore ? `The best ${count(found, 'passage')}` : count(found, 'passage'));

const isRewritten = (queries: string[], question: string): boolean => queries.length !== 1 || queries[0] !== question.trim();

function NothingFound({ id, search, isEmpty }: { id: string; search: Search; isEmpty: boolean }) {
  const hints = [
    search.conditions.length > 0 ? 'the filter leaves out what does not meet it' : null,
    search.threshold > 0 ? `hits below ${search.threshold} are left out` : null,
  ].filter((hint) => hint !== null);
  return (
    <div className="search-none" data-testid="search-none">
      <h2>Nothing was found</h2>
      {isEmpty ? (
        <p className="muted">No document of this collection is ready yet. <a href={collectionPath(id)} onClick={followLink}>See its documents</a></p>
      ) : (
        <p className="muted">{hints.length > 0 ? `Note that ${hints.join(', and ')}.` : 'No passage has any of these words, or anything like their meaning.'}</p>
      )}
    </div>
  );
}
