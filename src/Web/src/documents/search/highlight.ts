/** Scripts that are written without spaces: there the words of the index are parts of what looks like one. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const word = /[\p{L}\p{M}\p{N}]+/gu;
/** Endings that a stem has lost are no longer. */
const longestEnding = 5;
const shortestStem = 3;

export interface Piece {
  text: string;
  isFound: boolean;
}

/** Parts a text at the words that a search has found, which the index knows by their stems. */
export function highlight(text: string, terms: readonly string[]): Piece[] {
  const folded = terms.map(fold).filter((term) => term !== '');
  const inside = folded.filter((term) => unspaced.test(term));
  const stems = folded.filter((term) => !unspaced.test(term));
  const found = [...wordsOf(text, stems), ...partsOf(text, inside)].toSorted(([a], [b]) => a - b);
  const pieces: Piece[] = [];
  let done = 0;
  for (const [start, end] of found) {
    if (end <= done) continue;
    if (start > done) pieces.push({ text: text.slice(done, start), isFound: false });
    pieces.push({ text: text.slice(Math.max(start, done), end), isFound: true });
    done = end;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), isFound: false });
  return pieces;
}

const fold = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

function wordsOf(text: string, stems: string[]): [number, number][] {
  if (stems.length === 0) return [];
  return [...text.matchAll(word)].filter(([found]) => stems.some((stem) => isOf(fold(found), stem))).map((match) => [match.index, match.index + match[0].length]);
}

/** "happiness" is of "happi", and so is "happy": the last letter of a stem may be another one. */
function isOf(found: string, stem: string): boolean {
  if (found === stem) return true;
  const beginning = stem.length > shortestStem + 1 ? stem.slice(0, -1) : stem;
  return stem.length >= shortestStem && found.length <= stem.length + longestEnding && found.startsWith(beginning);
}

function partsOf(text: string, terms: string[]): [number, number][] {
  const places: [number, number][] = [];
  for (const term of terms) for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) places.push([at, at + term.length]);
  return places;
}
