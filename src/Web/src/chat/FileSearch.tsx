import type { FileSearchItem, SearchResult } from '../api/wire';
import { followLink } from '../app/router';
import { passagePath } from '../documents/paths';
import { percent } from '../documents/words';
import { SearchIcon } from '../ui/icons';
import { searchInWords } from './searchWords';
import './fileSearch.css';

/** A search in documents that a model has made for its answer, and what it found. */
export function FileSearch({ item, documents }: { item: FileSearchItem; documents: number | null }) {
  const { status, results } = item;
  const running = status === 'in_progress' || status === 'searching';
  const words = (
    <>
      <SearchIcon size={15} />
      <span>{searchInWords(item, documents)}</span>
    </>
  );
  if (running || !results || results.length === 0)
    return <p className="file-search" data-running={running} data-testid="file-search">{words}</p>;
  return (
    <details className="aside file-search" data-running={false} data-testid="file-search">
      <summary>{words}</summary>
      <ol className="search-results">
        {results.map((result, index) => <Result key={index} result={result} />)}
      </ol>
    </details>
  );
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
