import { useId, useState } from 'react';
import { followLink } from '../app/router';
import { passagePath } from '../documents/paths';
import { DocumentIcon } from '../ui/icons';
import { sourceInWords, type Source } from './citations';
import './citations.css';

/** So many are shown at once. */
const few = 4;

/** What an answer rests on, under it: each passage with its document and page. */
export function Sources({ sources }: { sources: Source[] }) {
  const [all, setAll] = useState(false);
  const id = useId();
  if (sources.length === 0) return null;
  const shown = all ? sources : sources.slice(0, few);
  return (
    <section className="sources" aria-labelledby={id} data-testid="sources">
      <h3 id={id}>Sources</h3>
      <ol>
        {shown.map((source) => <SourceRow key={source.number} source={source} />)}
      </ol>
      {sources.length > few && (
        <button type="button" className="link-button small" aria-expanded={all} onClick={() => setAll(!all)} data-testid="all-sources">
          {all ? 'Show fewer' : `Show all ${sources.length} sources`}
        </button>
      )}
    </section>
  );
}

function SourceRow({ source }: { source: Source }) {
  const { number, citation } = source;
  const path = passagePath(citation);
  return (
    <li className="source" data-testid="source">
      <span className="citation" aria-hidden="true">{number}</span>
      <div className="source-text">
        <p className="source-name">
          <DocumentIcon size={15} />
          {path ? <a href={path} onClick={followLink} aria-label={sourceInWords(source)}><bdi>{citation.filename}</bdi></a> : <bdi>{citation.filename}</bdi>}
          {citation.page !== undefined && <span className="muted">page {citation.page}</span>}
        </p>
        {citation.quote && <blockquote dir="auto">{citation.quote}</blockquote>}
      </div>
    </li>
  );
}
