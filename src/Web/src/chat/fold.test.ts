import { describe, expect, it } from 'vitest';
import type { ModelResponse, ResponseEvent } from '../api/wire';
import { foldEvents, isFinished, noAnswer, shortfall } from './fold';
import { messageText } from './itemText';

const response = (over: Partial<ModelResponse> = {}): ModelResponse => ({ id: 'resp_1', status: 'in_progress', output: [], ...over });
const message = (text = '') => ({
  type: 'message' as const,
  id: 'msg_1',
  role: 'assistant',
  status: 'in_progress' as const,
  content: text === '' ? [] : [{ type: 'output_text', text }],
});
const created: ResponseEvent = { type: 'response.created', response: response() };
const added: ResponseEvent = { type: 'response.output_item.added', output_index: 0, item: message() };
const delta = (text: string): ResponseEvent => ({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  output_index: 0,
  content_index: 0,
  delta: text,
});
const textOf = (events: ResponseEvent[]): string =>
  foldEvents(noAnswer, events).items.map((item) => (item.type === 'message' ? messageText(item) : '')).join('');

describe('foldEvents', () => {
  it('knows the id of the response as soon as it is created', () => {
    expect(foldEvents(noAnswer, [created])).toMatchObject({ responseId: 'resp_1', status: 'in_progress' });
  });

  it('appends deltas', () => {
    expect(textOf([created, added, delta('Hel'), delta('lo')])).toBe('Hello');
  });

  it('lets the done event correct the text', () => {
    const done: ResponseEvent = { type: 'response.output_text.done', item_id: 'msg_1', content_index: 0, text: 'Hello!' };
    expect(textOf([created, added, delta('Hel'), done])).toBe('Hello!');
  });

  it('leaves untouched items identical, so that they are not rendered again', () => {
    const other: ResponseEvent = { type: 'response.output_item.added', output_index: 1, item: { ...message('x'), id: 'msg_2' } };
    const before = foldEvents(noAnswer, [created, added, other]);
    const after = foldEvents(before, [delta('more')]);
    expect(after.items[1]).toBe(before.items[1]);
    expect(after.items[0]).not.toBe(before.items[0]);
  });

  it('collects refusals, reasoning and arguments of function calls', () => {
    const { items } = foldEvents(noAnswer, [
      created,
      { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1', summary: [] } },
      { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', summary_index: 0, delta: 'Hm' },
      { type: 'response.output_item.added', output_index: 1, item: { type: 'function_call', id: 'fc_1', name: 'f', arguments: '' } },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '{}' },
      { type: 'response.output_item.added', output_index: 2, item: message() },
      { type: 'response.refusal.delta', item_id: 'msg_1', content_index: 0, delta: 'No.' },
    ]);
    expect(items).toMatchObject([{ summary: [{ text: 'Hm' }] }, { arguments: '{}' }, { content: [{ type: 'refusal', refusal: 'No.' }] }]);
  });

  it('ignores kinds of events it does not know', () => {
    const before = foldEvents(noAnswer, [created, added]);
    expect(foldEvents(before, [{ type: 'response.something.new', item_id: 'msg_1', delta: 'x' }])).toBe(before);
  });

  it('takes the final object as the truth', () => {
    const completed: ResponseEvent = { type: 'response.completed', response: response({ status: 'completed', output: [message('Final')] }) };
    const answer = foldEvents(noAnswer, [created, added, delta('Fin'), completed]);
    expect(isFinished(answer)).toBe(true);
    expect(answer.items).toMatchObject([{ content: [{ text: 'Final' }] }]);
  });

  it('keeps the text shown so far when a response fails', () => {
    const failed: ResponseEvent = {
      type: 'response.failed',
      response: response({ status: 'failed', error: { code: 'server_error', message: 'The model broke.' } }),
    };
    const answer = foldEvents(noAnswer, [created, added, delta('Some'), failed]);
    expect(answer).toMatchObject({ status: 'failed', error: 'The model broke.' });
    expect(answer.items).toMatchObject([{ content: [{ text: 'Some' }] }]);
  });

  it('remembers how many turns were left out', () => {
    expect(foldEvents(noAnswer, [{ type: 'response.created', response: response({ truncated_turns: 3 }) }]).truncatedTurns).toBe(3);
  });
});

function ended(status: ModelResponse['status'], reason?: string): string | null {
  const last = response({ status, incomplete_details: reason ? { reason } : null });
  return shortfall(foldEvents(noAnswer, [{ type: 'response.incomplete', response: last }]));
}

describe('shortfall', () => {
  it('says why an answer is not whole', () => {
    expect(ended('completed')).toBeNull();
    expect(ended('cancelled')).toContain('You stopped');
    expect(ended('incomplete', 'max_output_tokens')).toContain('output limit');
    expect(ended('incomplete', 'content_filter')).toContain('content filter');
    expect(ended('incomplete')).toContain('incomplete');
  });
});
