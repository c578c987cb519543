import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { FileCitation, MessageItem, ResponseEvent } from '../api/wire';
import { foldEvents, noAnswer } from '../chat/fold';
import { citationsOf } from './citations';

vi.stubGlobal('window', { addEventListener: () => {} });
const { ItemView } = await import('../chat/ItemView');

const citation = (index: number, start: number, over: Partial<FileCitation> = {}): FileCitation => ({
  type: 'file_citation', file_id: 'file-1', filename: 'harbour.md', vector_store_id: 'vs_1', page: 2, start, end: start + 10, quote: `quote ${start}`, index, ...over,
});
const nowhere = (quote: string, over = {}) => ({ ...citation(4, 0, over), start: undefined, end: undefined, quote }) as unknown as FileCitation;
const message = (text: string, annotations: FileCitation[]): MessageItem => ({
  type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations }],
});
const delta = (text: string): ResponseEvent => ({ type: 'response.output_text.delta', item_id: 'msg_1', content_index: 0, delta: text });
const annotated = (annotation: FileCitation, annotation_index: number): ResponseEvent =>
  ({ type: 'response.output_text.annotation.added', item_id: 'msg_1', content_index: 0, annotation, annotation_index });
const html = (item: MessageItem, streaming = false) => renderToStaticMarkup(<ItemView item={item} notes={[]} streaming={streaming} />);

describe('Citations', () => {
  it('of the same passage share a number, counted in the order of the answer', () => {
    const { sources, places, cited } = citationsOf(message('One. Two. Three.', [citation(9, 50), citation(4, 10), citation(16, 50)]), '\n\n');
    expect(places).toEqual([4, 9, 16]);
    expect(cited.map(({ number }) => number)).toEqual([1, 2, 2]);
    expect(sources.map(({ number, citation: { quote } }) => [number, quote])).toEqual([[1, 'quote 10'], [2, 'quote 50']]);
  });

  it('are told apart by document, and by words where they have no place', () => {
    const { sources } = citationsOf(message('One.', [nowhere('a'), nowhere('b'), nowhere('a', { file_id: 'file-2' }), nowhere('a')]), '');
    expect(sources).toHaveLength(3);
  });

  it('keep their place in a message of several parts, and never stand outside of it', () => {
    const item: MessageItem = { ...message('', []), content: [
      { type: 'output_text', text: 'One.', annotations: [citation(400, 1)] },
      { type: 'output_text', text: '', annotations: [citation(0, 5)] },
      { type: 'output_text', text: 'Two.', annotations: [citation(4, 2)] },
    ] };
    expect(citationsOf(item, '\n\n').places).toEqual([4, 10]);
  });

  it('are links to the passage, with the sources under the answer', () => {
    const result = html(message('Ships enter. **Fees** are due.', [citation(12, 10), citation(30, 50)]));
    expect(result).toMatch(/Ships enter\.<a [^>]*href="\/documents\/vs_1\/file-1\/2\?start=10&amp;end=20&amp;quote=quote\+10"[^>]*>1<\/a> <strong>Fees<\/strong> are due\.<a /);
    expect(result).toContain('aria-label="Source 2: harbour.md, page 2"');
    expect(result.match(/data-testid="source"/g)).toHaveLength(2);
    expect(result).toContain('quote 50</blockquote>');
  });

  it('are text, whatever a file is called and a document says', () => {
    const result = html(message('One.', [citation(4, 1, { filename: '<img src=x>', quote: '</blockquote><script>x</script>', file_id: '"><b>' })]));
    expect(result).not.toMatch(/<(img|script|b)\b/);
  });

  it('without a collection lead nowhere, and are there all the same', () => {
    const { vector_store_id: _, ...homeless } = citation(4, 1);
    expect(html(message('One.', [homeless]))).not.toContain('href');
  });
});

describe('An answer that is being written', () => {
  const item = { ...message('', []), status: 'in_progress' as const, content: [] };
  const events: ResponseEvent[] = [
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.content_part.added', item_id: 'msg_1', content_index: 0, part: { type: 'output_text', text: '', annotations: [] } },
    delta('Ships '), delta('enter.'), annotated(citation(12, 10), 0), delta(' Fees are due.'), annotated(citation(26, 50), 1), annotated(citation(26, 10), 2),
    { type: 'response.output_text.done', item_id: 'msg_1', content_index: 0, text: 'Ships enter. Fees are due.' },
  ];
  const answerAfter = (count: number) => foldEvents(noAnswer, events.slice(0, count)).items[0] as MessageItem;
  const visible = (count: number) => html(answerAfter(count), true).replaceAll(/<section.*<\/section>/g, '').replaceAll(/<[^>]*>/g, '');

  it('shows each citation as soon as it is made', () => {
    expect(visible(4)).toBe('AnswerShips enter.');
    expect(visible(5)).toBe('AnswerShips enter.1');
    expect(visible(8)).toBe('AnswerShips enter.1 Fees are due.21');
  });

  it('is the same in the end as when it is loaded', () => {
    const loaded = message('Ships enter. Fees are due.', [citation(12, 10), citation(26, 50), citation(26, 10)]);
    const written = foldEvents(noAnswer, [...events, { type: 'response.content_part.done', item_id: 'msg_1', content_index: 0, part: loaded.content[0]! }]).items[0] as MessageItem;
    expect(answerAfter(events.length).content).toEqual(loaded.content);
    expect(html(written)).toBe(html(loaded));
  });
});
