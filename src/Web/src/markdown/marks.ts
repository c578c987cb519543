import { decodeEntities } from './entities';

/**
 * Marks stand at places of a Markdown text and are rendered there, whatever the text around becomes. While it is parsed, each is two characters: the first
 * counts as punctuation, so that "**bold.**" before it still ends, and the second does not, so that "**" after it does too.
 */
const sign = '\uFFFC';
const firstNumber = 0xe100;
const mostMarks = 0x1000;
const mark = /\uFFFC([\uE100-\uF0FF])/g;

/** Lines that are structure alone: a rule, a fence, the second line of a table. What stands after one belongs to the words before it. */
const structure = /^[\s>|:=*_~`+-]*$/;

/** The text with the marks at these positions, which are in the order of the text. Signs that it has itself become what is shown for unreadable characters. */
export function withMarks(text: string, positions: readonly number[]): string {
  const plain = text.replaceAll(sign, '\uFFFD');
  let marked = '';
  let done = 0;
  for (const [number, position] of positions.slice(0, mostMarks).entries()) {
    const place = Math.max(placeOf(plain, position), done);
    marked += plain.slice(done, place) + sign + String.fromCharCode(firstNumber + number);
    done = place;
  }
  return marked + plain.slice(done);
}

/** Directly after the words that it follows: behind a line's end it would begin something else, or nothing. */
function placeOf(text: string, position: number): number {
  for (let end = Math.min(position, text.length); end > 0; ) {
    const before = text.slice(0, end).trimEnd();
    const line = before.slice(before.lastIndexOf('\n') + 1);
    if (!structure.test(line)) return isRow(line) ? before.slice(0, -1).trimEnd().length : before.length;
    end = before.length - line.length;
  }
  return Math.min(position, text.length);
}

const isRow = (line: string): boolean => line.endsWith('|') && line.trimStart().startsWith('|');

/** What is between the marks, and the numbers of the marks. */
export function splitMarks(text: string): (string | number)[] {
  const pieces: (string | number)[] = [];
  let done = 0;
  for (const found of text.matchAll(mark)) {
    if (found.index > done) pieces.push(text.slice(done, found.index));
    pieces.push(found[1]!.charCodeAt(0) - firstNumber);
    done = found.index + found[0].length;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}

export const withoutMarks = (text: string): string => (text.includes(sign) ? text.replaceAll(mark, '') : text);
export const marksIn = (text: string): number[] => (text.includes(sign) ? splitMarks(text).filter((piece) => typeof piece === 'number') : []);

/** Text as it is to be read. */
export const readable = (text: string): string => decodeEntities(withoutMarks(text));
