import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { DocumentText as Answer, TextBlock } from '../../api/documentWire';
import { DocumentText } from './DocumentText';
import { foldText, missingToken, nothingRead } from './foldText';
import { partsOf } from './parts';

const paragraph = (text: string): TextBlock => ({ kind: 'paragraph', text, start: 0 });
const item = (text: string): TextBlock => ({ kind: 'list_item', text, start: 0 });
const answer = (pages: number, texts: string[][], next_page: string | null = null, first = 1): Answer => ({
  pages, has_more: next_page !== null, next_page, data: texts.map((blocks, index) => ({ page: first + index, blocks: blocks.map(paragraph) })),
});

describe('The text of a document', () => {
  it('is asked for by page, and the next page before it is wanted', () => {
    expect(missingToken(nothingRead, 7)).toBe('7');
    const text = foldText(nothingRead, '7', answer(9, [['seven']], '8', 7));
    expect(missingToken(text, 7)).toBe('8');
    const more = foldText(text, '8', answer(9, [['eight'], ['nine']], null, 8));

    expect(missingToken(more, 8)).toBeNull();
    expect(missingToken(more, 9)).toBeNull();
    expect(missingToken(more, 10)).toBeNull();
    expect(more.pages[9]?.blocks).toEqual([paragraph('nine')]);
  });

  it('goes on within a long page', () => {
    const text = foldText(nothingRead, '3', answer(4, [['a', 'b']], '3.2', 3));
    expect(text.pages[3]?.next).toBe('3.2');

    const more = foldText(text, '3.2', answer(4, [['c'], ['four']], null, 3));

    expect(more.pages[3]).toMatchObject({ blocks: ['a', 'b', 'c'].map(paragraph), next: null });
    expect(more.pages[4]?.blocks).toEqual([paragraph('four')]);
    expect(foldText(more, '3', answer(4, [['a', 'b']], '3.2', 3)).pages[3]?.blocks).toHaveLength(3);
  });
});

const table = (rows: string[], header?: string) =>
  partsOf([...(header ? [{ kind: 'table_header' as const, text: header, start: 0 }] : []), ...rows.map((text) => ({ kind: 'table_row' as const, text, start: 0 }))]);

describe('The parts of a page', () => {
  it('put cells under their columns, also where some are empty', () => {
    expect(table(['Name: Ada | Born: 1815', 'Born: 1912'], 'Name | Born')).toEqual([{ kind: 'table', columns: ['Name', 'Born'], rows: [['Ada', '1815'], ['', '1912']] }]);
  });

  it('keep a cell whole that has a bar in it', () => {
    expect(table(['Name: a | b | Born: 1815'], 'Name | Born')).toMatchObject([{ rows: [['a | b', '1815']] }]);
  });

  it('show rows as they are where no columns are named', () => {
    expect(table(['1 | 2', '3'])).toMatchObject([{ columns: [], rows: [['1', '2'], ['3']] }]);
    expect(table(['something else'], 'Name | Born')).toMatchObject([{ rows: [['something else']] }]);
  });

  it('make one list of items that follow each other', () => {
    expect(partsOf([item('a'), item('b'), paragraph('c'), item('d')])).toEqual([
      { kind: 'list', items: [{ text: 'a' }, { text: 'b' }] }, { kind: 'paragraph', text: 'c' }, { kind: 'list', items: [{ text: 'd' }] },
    ]);
  });
});

describe('A page on the screen', () => {
  const hostile = '<img src=x onerror=alert(1)></pre><script>alert(1)</script>';
  const kinds: TextBlock['kind'][] = ['heading', 'paragraph', 'list_item', 'table_header', 'table_row', 'code', 'note'];

  it('is text and nothing else, whatever the document says', () => {
    const html = renderToStaticMarkup(<DocumentText blocks={kinds.map((kind) => ({ kind, text: hostile, level: 1, start: 0 }))} hasMore={false} onMore={() => {}} />);

    expect(html).not.toMatch(/<(img|script)/);
    expect(html.match(/&lt;script&gt;/g)).toHaveLength(kinds.length);
  });

  it('has headings, tables, code and notes for what they are', () => {
    const html = renderToStaticMarkup(<DocumentText blocks={kinds.map((kind) => ({ kind, text: kind, level: 2, start: 0 }))} hasMore={false} onMore={() => {}} />);

    expect(html).toMatch(/<h3[^>]*>heading<\/h3>/);
    expect(html).toMatch(/<th [^>]*>table_header<\/th>/);
    expect(html).toContain('<code>code</code>');
    expect(html).toContain('aria-label="Note"');
  });
});
