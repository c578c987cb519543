import type { TextBlock } from '../../api/documentWire';

/** Positions in the text of the document, or in a stretch of it: UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

/** A passage that somebody has cited: where it stood, and what it said. */
export interface Passage {
  range: Range | null;
  quote: string | null;
}

export function passageFrom(query: string): Passage | null {
  const parameters = new URLSearchParams(query);
  const [start, end] = [Number(parameters.get('start') ?? NaN), Number(parameters.get('end') ?? NaN)];
  const range = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end ? { start, end } : null;
  const quote = parameters.get('quote')?.trim() || null;
  return range || quote ? { range, quote } : null;
}

/** The passage in these blocks of a page; null when it is not in them. Where the document has changed since, its words are looked for. */
export function findPassage(blocks: TextBlock[], { range, quote }: Passage): Range | null {
  const base = blocks[0]?.start ?? 0;
  const text = textOf(blocks, base);
  const placed = range && clip({ start: range.start - base, end: range.end - base }, text.length);
  if (placed && (quote === null || agree(text.slice(placed.start, placed.end), quote))) return { start: placed.start + base, end: placed.end + base };
  const found = quote === null ? null : search(text, quote, placed?.start ?? 0);
  return found && { start: found.start + base, end: found.end + base };
}

/** Whether a passage, that is not in these blocks, can still come in what follows them on their page. */
export function mayFollow(blocks: TextBlock[], { range }: Passage): boolean {
  const last = blocks.at(-1);
  return range === null || last === undefined || range.start >= last.start + last.text.length;
}

function textOf(blocks: TextBlock[], base: number): string {
  let text = '';
  for (const block of blocks) text = text.padEnd(block.start - base, '\n') + block.text;
  return text;
}

function clip({ start, end }: Range, length: number): Range | null {
  return start >= 0 && start < length ? { start, end: Math.min(end, length) } : null;
}

/** An address holds the beginning of a long quote, and a page the beginning of one that goes on overleaf. */
function agree(text: string, quote: string): boolean {
  const [a, b] = [fold(text).letters, fold(quote).letters];
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(0, length) === b.slice(0, length);
}

function search(text: string, quote: string, near: number): Range | null {
  const whole = fold(text);
  const wanted = fold(quote).letters;
  if (wanted === '') return null;
  let best: number | null = null;
  for (let at = whole.letters.indexOf(wanted); at >= 0; at = whole.letters.indexOf(wanted, at + 1)) {
    if (best === null || Math.abs(whole.places[at]! - near) < Math.abs(whole.places[best]! - near)) best = at;
  }
  return best === null ? null : { start: whole.places[best]!, end: whole.places[best + wanted.length - 1]! + 1 };
}

/** The letters alone, each with its place: spaces, line ends and hyphens come and go between two readings of a document. */
function fold(text: string): { letters: string; places: number[] } {
  const places: number[] = [];
  let letters = '';
  for (let place = 0; place < text.length; place++) {
    const letter = text[place]!;
    if (/[\s\u00AD\u200B-\u200D\uFEFF]/.test(letter)) continue;
    letters += letter;
    places.push(place);
  }
  return { letters, places };
}
