import { useEffect, useMemo, type RefObject } from 'react';
import { useQuery } from '../../app/router';
import { findPassage, mayFollow, passageFrom, type Range } from './findQuote';
import type { ReadPage } from './foldText';

interface Quotation {
  /** Where the page has what the address quotes. */
  range: Range | null;
  /** The whole page is there, and does not have it. */
  isLost: boolean;
}

/** Finds the quoted passage in its page, loads as much of a long one as that takes, and brings it into view once. */
export function useQuotation(page: ReadPage | null, more: () => void, view: RefObject<HTMLElement | null>): Quotation {
  const query = useQuery();
  const passage = useMemo(() => passageFrom(query), [query]);
  const found = useMemo(() => (passage && page ? findPassage(page.blocks, passage) : null), [passage, page]);
  const [start, end] = [found?.start, found?.end];
  const range = useMemo(() => (start !== undefined && end !== undefined ? { start, end } : null), [start, end]);
  const isSought = passage !== null && page !== null && range === null && page.next !== null && mayFollow(page.blocks, passage);

  useEffect(() => {
    if (isSought) more();
  }, [isSought, more]);

  useEffect(() => {
    if (start === undefined) return;
    const quoted = view.current?.querySelector<HTMLElement>('.quoted');
    quoted?.scrollIntoView({ block: 'center' });
    quoted?.focus({ preventScroll: true });
    // What comes into view for the first time gets its real height, and moves what is below it.
    const frame = requestAnimationFrame(() => quoted?.scrollIntoView({ block: 'center' }));
    return () => cancelAnimationFrame(frame);
  }, [start, query, view]);

  return { range, isLost: passage !== null && page !== null && range === null && !isSought };
}
