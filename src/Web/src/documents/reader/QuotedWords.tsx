import { useQuery } from '../../app/router';
import { passageFrom } from './findQuote';

/** What the address quotes, word by word, where the document itself does not say it (any more). */
export function QuotedWords({ title }: { title: string }) {
  const quote = passageFrom(useQuery())?.quote;
  if (!quote) return null;
  return (
    <figure className="reader-quote" data-testid="reader-quote">
      <figcaption className="muted small">{title}</figcaption>
      <blockquote dir="auto">{quote}</blockquote>
    </figure>
  );
}
