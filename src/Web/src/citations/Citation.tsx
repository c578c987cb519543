import { passagePath } from '../documents/paths';
import { followLink } from '../app/router';
import { sourceInWords, type Source } from './citations';
import './citations.css';

/** The number of a source within an answer; it leads to the passage in its page. */
export function Citation({ source }: { source: Source }) {
  const { citation, number } = source;
  const path = passagePath(citation);
  const words = sourceInWords(source);
  const title = citation.quote ? `${citation.filename}${citation.page === undefined ? '' : `, page ${citation.page}`}\n“${citation.quote}”` : words;
  const shared = { className: 'citation', 'aria-label': words, title, 'data-testid': 'citation' } as const;
  return path ? <a {...shared} href={path} onClick={followLink}>{number}</a> : <span {...shared} role="note">{number}</span>;
}
