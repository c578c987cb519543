import type { FileSearchItem, SearchResult } from '../api/wire';
import { followLink } from '../app/router';
import { passagePath } from '../documents/paths';
import { count, percent } from '../documents/words';
import { SearchIcon } from '../ui/icons';
import './fileSearch.css';

/** A search in documents that a model has made for its answer, and what it found. */
export function FileSearch({ item }: { item: FileSearchItem }) {
  const { status, results } = item;
  const running = status === 'in_progress' || status === 'searching';
  const words = (
    <>
      <SearchIcon size={15} />
      <span>{searchInWords(item)}</span>
    </>
  );
  if (running || !results || results.length === 0)
    return <p className="aside file-search" role={running ? 'status' : undefined} data-running={running} data-testid="file-search">{words}</p>;
  return (
    <details className="aside file-search" data-running={false} data-testid="file-search">
      <summary>{words}</summary>
      <ol className="search-results">
        {results.map((result, index) => <Result key={index} result={result} />)}
      </ol>
    </details>
  );
}

export function searchInWords({ status, queries, results }: Pick<FileSearchItem, 'status' | 'queries' | 'results'>): string {
  const asked = queries.map((query) => `“${query}”`).join(', ');
  switch (status) {
    case 'in_progress':
    case 'searching':
      return asked === '' ? 'Searching the documents…' : `Searching the documents for ${asked}…`;
    case 'failed':
      return asked === '' ? 'The documents could not be searched' : `The documents could not be searched for ${asked}`;
    case 'incomplete':
      return 'The search in the documents was stopped';
    case 'completed': {
      const found = !results ? '' : results.length === 0 ? ': nothing was found' : `: ${count(results.length, 'passage')}`;
      return asked === '' ? `Searched the documents${found}` : `Searched for ${asked}${found}`;
    }
  }
}

function Result({ result }: { result: SearchResult }) {
  const path = passagePath(result);
  return (
    <li>
      <p className="search-result-name">
        {path ? <a href={path} onClick={followLink}><bdi>{result.filename}</bdi></a> : <bdi>{result.filename}</bdi>}
        {result.page !== undefined && <span>page {result.page}</span>}
        <span title="How well it fits">{percent(result.score)} %</span>
      </p>
      <p className="search-result-text" dir="auto">{result.text}</p>
    </li>
  );
}
