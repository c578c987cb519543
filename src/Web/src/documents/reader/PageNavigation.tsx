import { useEffect, useState, type FormEvent } from 'react';
import { BackIcon, ForwardIcon } from '../../ui/icons';

interface PageNavigationProps {
  number: number;
  total: number;
  onPage: (number: number) => void;
}

/** From page to page, by buttons, by number, and by the arrow keys. */
export function PageNavigation({ number, total, onPage }: PageNavigationProps) {
  const previous = number > 1 ? number - 1 : null;
  const next = number < total ? number + 1 : null;
  const [text, setText] = useState(String(number));
  useEffect(() => setText(String(number)), [number]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || usesArrows(event.target)) return;
      const target = event.key === 'ArrowLeft' ? previous : event.key === 'ArrowRight' ? next : null;
      if (target !== null) onPage(target);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [previous, next, onPage]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = Math.min(Math.max(Number.parseInt(text, 10) || number, 1), total);
    setText(String(wanted));
    onPage(wanted);
  };

  return (
    <nav className="page-navigation" aria-label="Pages">
      <button type="button" className="icon-button" aria-label="Previous page" title="Previous page (←)" disabled={previous === null}
        onClick={() => previous !== null && onPage(previous)} data-testid="previous-page">
        <BackIcon />
      </button>
      <form onSubmit={submit}>
        <label>
          <span className="visually-hidden">Page</span>
          <input inputMode="numeric" value={text} onChange={(event) => setText(event.target.value)}
            onFocus={(event) => event.target.select()} onBlur={() => setText(String(number))} data-testid="page-number" />
        </label>
        <span className="muted">of {total.toLocaleString('en')}</span>
      </form>
      <button type="button" className="icon-button" aria-label="Next page" title="Next page (→)" disabled={next === null}
        onClick={() => next !== null && onPage(next)} data-testid="next-page">
        <ForwardIcon />
      </button>
    </nav>
  );
}

/** What has the focus scrolls or moves by the arrow keys itself. */
const usesArrows = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog, [role=menu], [role=region], pre') !== null;
