import type { FileCitation, MessageItem } from '../api/wire';

/** What a citation rests on: a passage of a document. All citations of it have one number. */
export interface Source {
  /** Counted from 1, in the order of the answer. */
  number: number;
  citation: FileCitation;
}

/** The sources of a text, and where in it which of them is cited. */
export interface Cited {
  sources: Source[];
  /** Places in the readable text of the message, in its order. */
  places: number[];
  /** For each place the source that is cited there. */
  cited: Source[];
}

export const nothingCited: Cited = { sources: [], places: [], cited: [] };

/** The citations of a message, by their places in `messageText`. */
export function citationsOf(item: MessageItem, separator: string): Cited {
  const found: { place: number; citation: FileCitation }[] = [];
  let start = 0;
  for (const { text, refusal, annotations } of item.content) {
    const length = (text ?? refusal ?? '').length;
    if (length === 0) continue;
    for (const annotation of annotations ?? []) {
      if (annotation.type === 'file_citation') found.push({ place: start + Math.min(Math.max(annotation.index, 0), length), citation: annotation });
    }
    start += length + separator.length;
  }
  return found.length === 0 ? nothingCited : numbered(found.toSorted((a, b) => a.place - b.place));
}

function numbered(found: { place: number; citation: FileCitation }[]): Cited {
  const sources = new Map<string, Source>();
  const all: Cited = { sources: [], places: [], cited: [] };
  for (const { place, citation } of found) {
    const key = keyOf(citation);
    const source = sources.get(key) ?? { number: sources.size + 1, citation };
    sources.set(key, source);
    // The same once more at the same place says nothing new.
    if (all.places.some((other, index) => other === place && all.cited[index] === source)) continue;
    all.places.push(place);
    all.cited.push(source);
  }
  return { ...all, sources: [...sources.values()] };
}

const keyOf = ({ file_id, start, end, quote, page }: FileCitation): string =>
  start === undefined ? `${file_id} ${page ?? ''} ${quote ?? ''}` : `${file_id} ${start}-${end ?? ''}`;

/** The source in words, for those who cannot see it. */
export function sourceInWords({ number, citation: { filename, page } }: Source): string {
  return `Source ${number}: ${filename}${page === undefined ? '' : `, page ${page}`}`;
}
