import { memo, useEffect, useMemo, useRef } from 'react';
import type { TextBlock } from '../../api/documentWire';
import type { Range } from './findQuote';
import { partsOf, type Part, type Stretch } from './parts';

interface DocumentTextProps {
  blocks: TextBlock[];
  /** What of the document is quoted. */
  quote?: Range | null;
  /** There is more of the page: it is shown when it is scrolled to. */
  hasMore: boolean;
  onMore: () => void;
}

/** A page of a document. Whatever it says is text: React escapes it. */
export function DocumentText({ blocks, quote = null, hasMore, onMore }: DocumentTextProps) {
  const parts = useMemo(() => partsOf(blocks, quote), [blocks, quote]);
  return (
    <>
      {parts.map((part, index) => <PartView key={index} part={part} />)}
      {hasMore && <More key={blocks.length} onMore={onMore} />}
    </>
  );
}

const PartView = memo(function PartView({ part }: { part: Part }) {
  switch (part.kind) {
    case 'heading': {
      // The name of the document is above its own headings.
      const Level = `h${Math.min(part.level + 1, 6)}` as 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
      return <Level className={`heading-${part.level}`} dir="auto"><Words of={part} /></Level>;
    }
    case 'list':
      return <ul>{part.items.map((item, index) => <li key={index} dir="auto"><Words of={item} /></li>)}</ul>;
    case 'code':
      // Focusable, so that long lines can be scrolled with the keyboard.
      return <pre className="document-code" tabIndex={0}><code><Words of={part} /></code></pre>;
    case 'note':
      return (
        <aside className="document-note" aria-label="Note">
          <span className="small muted">Note</span>
          <p dir="auto"><Words of={part} /></p>
        </aside>
      );
    case 'table':
      return <Table columns={part.columns} rows={part.rows} quoted={part.quotedRows ?? noRows} />;
    case 'paragraph':
      return <p dir="auto"><Words of={part} /></p>;
  }
});

/** The words of a stretch. What is quoted takes the focus when it is shown, so that a screen reader goes on from there. */
function Words({ of: { text, quoted } }: { of: Stretch }) {
  if (!quoted) return text;
  return (
    <>
      {text.slice(0, quoted.start)}
      <mark className="quoted" tabIndex={-1}>{text.slice(quoted.start, quoted.end)}</mark>
      {text.slice(quoted.end)}
    </>
  );
}

const noRows: number[] = [];

function Table({ columns, rows, quoted }: { columns: string[]; rows: string[][]; quoted: number[] }) {
  const quotedRow = (row: number) => (quoted.includes(row) ? { className: 'quoted', tabIndex: -1 } : {});
  return (
    <div className="table-scroll" role="region" aria-label="Table" tabIndex={0}>
      <table>
        {columns.length > 0 && (
          <thead>
            <tr {...quotedRow(-1)}>{columns.map((column, index) => <th key={index} scope="col" dir="auto">{column}</th>)}</tr>
          </thead>
        )}
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row} {...quotedRow(row)}>{cells.map((cell, index) => <td key={index} dir="auto">{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function More({ onMore }: { onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more.current();
    });
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return <button type="button" className="button button-quiet load-more" ref={button} onClick={onMore}>Show more of this page</button>;
}
