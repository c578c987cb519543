import type { DocumentText, TextBlock } from '../../api/documentWire';

export interface ReadPage {
  /** What the document itself calls it. */
  number: number;
  label: string | null;
  blocks: TextBlock[];
  /** Where the page goes on, if not all of it is here. */
  next: string | null;
}

/** What was read of a document: its pages by their place, counted from 1, as far as they are loaded. */
export interface ReadText {
  /** How many pages it has; null until that is known. */
  total: number | null;
  pages: Record<number, ReadPage>;
}

export const nothingRead: ReadText = { total: null, pages: {} };

/** Adds an answer that was asked for with this token: a page's place, or a place within a page, which it goes on with. */
export function foldText(text: ReadText, token: string, answer: DocumentText): ReadText {
  const [place, goesOn] = token.split('.');
  const pages = { ...text.pages };
  for (const [index, { page, label, blocks }] of answer.data.entries()) {
    const at = Number(place) + index;
    const known = pages[at]?.blocks ?? [];
    const before = index === 0 && goesOn !== undefined ? known : [];
    // More of it was read before.
    if (before.length + blocks.length < known.length) continue;
    const isCut = index === answer.data.length - 1 && answer.next_page?.startsWith(`${at}.`);
    pages[at] = { number: page, label: label ?? null, blocks: [...before, ...blocks], next: isCut ? answer.next_page : null };
  }
  return { total: answer.pages, pages };
}

/** What to ask for next, so that a page is there, and the one after it; null when they are. */
export function missingToken({ total, pages }: ReadText, place: number): string | null {
  if (!pages[place]) return total === null || place <= total ? String(place) : null;
  return total !== null && place < total && !pages[place + 1] ? String(place + 1) : null;
}
