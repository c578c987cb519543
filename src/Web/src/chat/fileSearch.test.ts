import { describe, expect, it } from 'vitest';
import type { FileSearchItem, ModelResponse, ResponseEvent } from '../api/wire';
import { foldEvents, foldResponse, noAnswer } from './fold';
import { choices, choose, chosenIn, forgetChoice, moveChoice, removeChoice, searchFor } from './documents/choices';
import { searchInWords } from './searchWords';
import { noteOutcome } from './transcriptStore';

const item: FileSearchItem = { type: 'file_search_call', id: 'fs_1', status: 'in_progress', queries: [] };
const result = { file_id: 'file-1', filename: 'a.md', score: 0.5, text: 'A.' };

describe('A search for an answer', () => {
  it('goes on as its events say', () => {
    const events: ResponseEvent[] = [
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.file_search_call.in_progress', output_index: 0, item_id: 'fs_1' },
      { type: 'response.file_search_call.searching', output_index: 0, item_id: 'fs_1' },
      { type: 'response.file_search_call.completed', output_index: 0, item_id: 'fs_1' },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', queries: ['a'], results: [result] } },
    ];
    const after = (count: number) => foldEvents(noAnswer, events.slice(0, count)).items[0] as FileSearchItem;
    expect([1, 2, 3, 4, 5].map((count) => after(count).status)).toEqual(['in_progress', 'in_progress', 'searching', 'completed', 'completed']);
    expect(after(5).results).toEqual([result]);
  });

  it.each([
    [{ status: 'searching' as const, queries: [] }, null, 'Searching the documents…'],
    [{ status: 'searching' as const, queries: ['a', 'b'] }, 3, 'Searching 3 documents for “a”, “b”…'],
    [{ status: 'completed' as const, queries: ['a'], results: [result] }, 3, 'Searched for “a”: 1 passage'],
    [{ status: 'completed' as const, queries: ['a'], results: [] }, 3, 'Searched for “a”: nothing was found'],
    [{ status: 'completed' as const, queries: ['a'] }, null, 'Searched for “a”'],
    [{ status: 'failed' as const, queries: ['a'] }, null, 'The documents could not be searched for “a”'],
    [{ status: 'incomplete' as const, queries: [] }, null, 'The search in the documents was stopped'],
  ])('says what it does: %j', (search, documents, words) => {
    expect(searchInWords(search, documents)).toBe(words);
  });
});

describe('The documents that a chat asks', () => {
  const tools: ModelResponse['tools'] = [{ type: 'other' }, { type: 'file_search', vector_store_ids: ['vs_1'] }];

  it('are those of its latest response, until others are chosen', () => {
    choices.set({});
    noteOutcome('conv_1', { id: 'resp_1', status: 'completed', tools });
    expect(chosenIn('conv_1')).toEqual(['vs_1']);
    choose('conv_1', ['vs_1', 'vs_2']);
    removeChoice('conv_1', 'vs_1');
    expect(chosenIn('conv_1')).toEqual(['vs_2']);
    forgetChoice('conv_1');
    expect(chosenIn('conv_1')).toEqual(['vs_1']);
    removeChoice('conv_1', 'vs_1');
    expect(chosenIn('conv_1')).toEqual([]);
  });

  it('go along when the chat begins, and are none for the next', () => {
    choices.set({});
    choose('', ['vs_3']);
    moveChoice('', 'conv_2');
    expect(chosenIn('conv_2')).toEqual(['vs_3']);
    expect(chosenIn('')).toEqual([]);
  });

  it('are sent as the tool that the API has for it', () => {
    choices.set({});
    choose('', ['vs_1']);
    expect(searchFor('')).toEqual({ tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }], include: ['file_search_call.results'] });
    expect(searchFor('conv_3')).toEqual({});
  });

  it('are searched as whoever asked before wanted it', () => {
    choices.set({});
    const how = { filters: { type: 'eq', key: 'year', value: 2025 }, max_num_results: 3, ranking_options: { score_threshold: 0.5 } };
    noteOutcome('conv_4', { id: 'resp_4', status: 'completed', tools: [{ type: 'file_search', vector_store_ids: ['vs_1'], ...how }] });
    expect(searchFor('conv_4').tools).toEqual([{ type: 'file_search', vector_store_ids: ['vs_1'], ...how }]);
    choose('conv_4', ['vs_2']);
    expect(searchFor('conv_4').tools).toEqual([{ type: 'file_search', vector_store_ids: ['vs_2'], ...how }]);
    choose('conv_4', []);
    expect(searchFor('conv_4')).toEqual({});
  });

  it('are known from the first event of a response on', () => {
    expect(foldResponse(noAnswer, { id: 'resp_1', status: 'in_progress', output: [], tools }).tools).toBe(tools);
    expect(foldResponse({ ...noAnswer, tools: tools! }, { id: 'resp_1', status: 'completed', output: [] }).tools).toBe(tools);
  });
});
