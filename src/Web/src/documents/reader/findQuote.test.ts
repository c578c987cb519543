import { describe, expect, it } from 'vitest';
import type { TextBlock } from '../../api/documentWire';
import { passagePath } from '../paths';
import { findPassage, mayFollow, passageFrom } from './findQuote';
import { partsOf } from './parts';

const block = (text: string, start: number, kind: TextBlock['kind'] = 'paragraph'): TextBlock => ({ kind, text, start });
/** A page in the middle of a document. */
const page = [block('Harbour rules', 100, 'heading'), block('Ships enter with the tide. No fires.', 115), block('Fee: 120', 153, 'table_row')];
const at = (start: number, end: number, quote: string | null = null) => ({ range: { start, end }, quote });

describe('A quoted passage', () => {
  it('is found by its place', () => {
    expect(findPassage(page, at(115, 141, 'Ships enter with the tide.'))).toEqual({ start: 115, end: 141 });
    expect(findPassage(page, at(115, 141))).toEqual({ start: 115, end: 141 });
  });

  it('agrees with its quote whatever the white space and the hyphens of the line', () => {
    expect(findPassage(page, at(115, 141, 'Ships enter\nwith the  tide.'))).toEqual({ start: 115, end: 141 });
  });

  it('may go on over several blocks, and overleaf', () => {
    expect(findPassage(page, at(108, 120, 'rules\n\nShips'))).toEqual({ start: 108, end: 120 });
    expect(findPassage(page, at(142, 400, 'No fires. Fee: 120 and overleaf'))).toEqual({ start: 142, end: 161 });
  });

  it('is looked for by its words where the text has changed, nearest to where it was', () => {
    const twice = [block('No fires. Ships. No fires.', 0)];
    expect(findPassage(twice, at(15, 24, 'No fires.'))).toEqual({ start: 17, end: 26 });
    expect(findPassage(page, { range: null, quote: 'No  fires.' })).toEqual({ start: 142, end: 151 });
  });

  it('is not found where it is not', () => {
    expect(findPassage(page, at(115, 141, 'Ships may not enter.'))).toBeNull();
    expect(findPassage(page, at(4000, 4010))).toBeNull();
    expect(findPassage([], at(0, 5))).toBeNull();
  });

  it('may come in the next part of a long page', () => {
    expect(mayFollow(page, at(161, 170))).toBe(true);
    expect(mayFollow(page, at(20, 30))).toBe(false);
    expect(mayFollow(page, { range: null, quote: 'x' })).toBe(true);
  });
});

describe('The address of a passage', () => {
  it('says where it is and what it says', () => {
    const path = passagePath({ vector_store_id: 'vs_1', file_id: 'file-1', page: 3, start: 5, end: 9, quote: 'a & b?' });
    expect(path).toMatch(/^\/documents\/vs_1\/file-1\/3\?/);
    expect(passageFrom(path!.slice(path!.indexOf('?')))).toEqual({ range: { start: 5, end: 9 }, quote: 'a & b?' });
  });

  it('holds the beginning of a long quote, by which it is still found', () => {
    const long = 'word '.repeat(400).trim();
    const { quote } = passageFrom(passagePath({ vector_store_id: 'vs_1', file_id: 'file-1', quote: long })!.split('?')[1]!)!;
    expect(quote!.length).toBeLessThanOrEqual(500);
    expect(findPassage([block(long, 0)], at(0, long.length, quote))).toEqual({ start: 0, end: long.length });
  });

  it('is none without the collection', () => {
    expect(passagePath({ file_id: 'file-1' })).toBeNull();
  });

  it.each(['', '?start=5', '?start=9&end=5', '?start=-1&end=5', '?start=a&end=b', '?quote=%20'])('quotes nothing when it makes no sense: %s', (query) => {
    expect(passageFrom(query)).toBeNull();
  });
});

describe('The parts of a page', () => {
  it('know what of them is quoted', () => {
    expect(partsOf(page, { start: 108, end: 120 })).toEqual([
      { kind: 'heading', level: 1, text: 'Harbour rules', quoted: { start: 8, end: 13 } },
      { kind: 'paragraph', text: page[1]!.text, quoted: { start: 0, end: 5 } },
      { kind: 'table', columns: [], rows: [['Fee: 120']] },
    ]);
    expect(partsOf(page, { start: 155, end: 157 })[2]).toMatchObject({ quotedRows: [0] });
  });
});
