import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { Hit } from '../../api/documentWire';
import { highlight } from './highlight';
import { fromQuery, noSearch, toQuery, toRequest, valueOf, type Search } from './searchState';

vi.stubGlobal('window', { addEventListener: () => {} });
const { HitView } = await import('./HitView');

const search: Search = {
  question: 'what are the fees & dues?', results: 20, threshold: 0.25, meaning: 0.3, rewrite: true, rerank: false, match: 'or',
  conditions: [{ key: 'year', operator: 'gte', value: '2024' }, { key: 'path', operator: 'in', value: 'a.md, "7"' }],
};

describe('The address of a search', () => {
  it('says all of it', () => {
    expect(fromQuery(toQuery(search))).toEqual(search);
    expect(fromQuery(toQuery(noSearch))).toEqual(noSearch);
    expect(toQuery({ ...noSearch, question: 'fees' })).toBe('?q=fees');
  });

  it('may say what makes no sense', () => {
    expect(fromQuery('?q=a&n=900&min=-1&meaning=x&where=%7B&where=["a","like","b"]&where=["a","constructor","b"]&match=xor')).toEqual({ ...noSearch, question: 'a' });
  });
});

describe('The request of a search', () => {
  it('says only what is not usual', () => {
    expect(toRequest({ ...noSearch, question: ' fees ' })).toEqual({ query: 'fees', max_num_results: 10, explain: true });
  });

  it('has weights, threshold and filter as the API takes them', () => {
    expect(toRequest(search)).toEqual({
      query: search.question, max_num_results: 20, explain: true, rewrite_query: true,
      filters: { type: 'or', filters: [{ type: 'gte', key: 'year', value: 2024 }, { type: 'in', key: 'path', value: ['a.md', '7'] }] },
      ranking_options: { ranker: 'none', score_threshold: 0.25, hybrid_search: { embedding_weight: 0.3, text_weight: 0.7 } },
    });
    expect(toRequest({ ...search, conditions: [search.conditions[0]!, { key: ' ', operator: 'eq', value: 'x' }] }).filters).toEqual({ type: 'gte', key: 'year', value: 2024 });
  });

  it.each([['12', 12], ['-1.5', -1.5], ['true', true], ['"12"', '12'], ['1e5', '1e5'], [' a ', 'a'], ['', ''], ['12 km', '12 km']])('takes %s for what it looks like', (written, value) => {
    expect(valueOf(written)).toBe(value);
  });
});

const found = (text: string, ...terms: string[]) => highlight(text, terms).filter(({ isFound }) => isFound).map((piece) => piece.text);

describe('The words that were found', () => {
  it('are known by their stems', () => {
    expect(found('Happiness, happy people; hap and harbour.', 'happi')).toEqual(['Happiness', 'happy']);
    expect(found('The Fees, a fee of 120; feeling.', 'fee', '120')).toEqual(['Fees', 'fee', '120', 'feeling']);
    expect(found('Ship at the tide', 'a')).toEqual([]);
  });

  it('are found with their accents, and in other scripts', () => {
    expect(found('Façade, Straßen', 'facad')).toEqual(['Façade']);
    expect(found('東京都に行く', '東京', '京都')).toEqual(['東京', '都']);
    expect(found('नमस्ते दुनिया', 'दुनिया')).toEqual(['दुनिया']);
  });

  it('leave the text as it is', () => {
    for (const text of ['', 'no', 'Fees  and\n\nfees.']) expect(highlight(text, ['fee']).map((piece) => piece.text).join('')).toBe(text);
  });
});

describe('A hit', () => {
  const hit: Hit = {
    file_id: 'file-1', filename: '<b>harbour.md', score: 0.734, attributes: {}, content: [{ type: 'text', text: 'Ships pay <i>fees</i>.' }], start: 40, end: 60, page: 3,
    headings: ['Harbour', 'Fees'],
    explanation: { query: 'fees', text_rank: 1, text_score: 4.2, terms: { fee: 3.1, ship: 1.1 }, embedding_rank: 7, similarity: 0.51 },
  };
  const html = (over: Partial<Hit> = {}) => renderToStaticMarkup(<HitView collectionId="vs_1" rank={1} hit={{ ...hit, ...over }} />);

  it('says where it stands, how well it fits, and why it was found', () => {
    const result = html();
    for (const part of ['page 3', '0.73', 'Harbour › Fees', 'Found by its words and its meaning', 'place 1, 4.20 points', 'place 7, similarity 0.51', '<mark>Ships</mark>', '<mark>fees</mark>'])
      expect(result).toContain(part);
    expect(result).toContain('href="/documents/vs_1/file-1/3?start=40&amp;end=60&amp;quote=');
    expect(result).not.toMatch(/<(i|b)>/);
  });

  it('may have been found in one way alone, or without saying how', () => {
    expect(html({ explanation: { query: 'x', terms: {}, embedding_rank: 2, similarity: 0.4 } })).toContain('Found by its meaning');
    expect(html({ explanation: null })).not.toContain('Found');
  });
});
