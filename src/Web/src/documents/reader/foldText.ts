import type { DocumentText, TextBlock } from '../../api/documentWire';

export interface ReadPage {
  /** What the document itself calls it. */
  label: string | null;
  blocks: TextBlock[];
  /** Where the page goes on, if not all of it is here. */
  next: string | null;
}

/** What was read of a document: its pages by their number, as far as they are loaded. */
export interface ReadText {
  /** How many pages it has; null until that is known. */
  total: number | null;
  pages: Record<number, ReadPage>;
}

export const nothingRead: ReadText = { total: null, pages: {} };

/** Adds an answer that was asked for with this token: a page's number, or a place within a page, which it goes on with. */
export function foldText(text: ReadText, token: string, answer: DocumentText): ReadText {
  const goesOn = token.includes('.');
  const pages = { ...text.pages };
  for (const [index, { page, label, blocks }] of answer.data.entries()) {
    const known = pages[page]?.blocks ?? [];
    const before = index === 0 && goesOn ? known : [];
    // More of it was read before.
    if (before.length + blocks.length < known.length) continue;
    const isCut = index === answer.data.length - 1 && answer.next_page?.startsWith(`${page}.`);
    pages[page] = { label: label ?? null, blocks: [...before, ...blocks], next: isCut ? answer.next_page : null };
  }
  return { total: answer.pages, pages };
}

/** What to ask for next, so that a page is there, and the one after it; null when they are. */
export function missingToken({ total, pages }: ReadText, page: number): string | null {
  if (!pages[page]) return total === null || page <= total ? String(page) : null;
  return total !== null && page < total && !pages[page + 1] ? String(page + 1) : null;
}
