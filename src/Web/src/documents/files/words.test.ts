import { describe, expect, it } from 'vitest';
import type { CollectionFile } from '../../api/documentWire';
import { sizeInWords } from '../words';
import { announcement, endedBetween } from './announcement';
import { matching } from './FileFilter';
import { attributesFor, pathOf } from './names';
import { stepInWords } from './stepWords';

const file = (changes: Partial<CollectionFile> = {}): CollectionFile => ({
  id: 'file_1', created_at: 1, vector_store_id: 'vs_1', filename: 'a.txt', bytes: 10, status: 'in_progress', step: 'extract', progress: 0, attempts: 1, chunk_count: 0, last_error: null, ...changes,
});

const all = (status: CollectionFile['status'], number: number) => Array.from({ length: number }, (_, index) => file({ id: `f${index}`, filename: `${index}.txt`, status }));

describe('stepInWords', () => {
  it('says what is being done', () => {
    expect(stepInWords(file({ attempts: 0 }), 0)).toBe('Waiting for its turn');
    expect(stepInWords(file(), 0)).toBe('Reading text');
    expect(stepInWords(file({ step: 'chunk' }), 0)).toBe('Cutting into passages');
    expect(stepInWords(file({ step: 'embed', attempts: 0 }), 0)).toBe('Computing vectors');
    expect(stepInWords(file({ step: 'index' }), 0)).toBe('Indexing');
  });

  it('counts down to the next attempt', () => {
    const waiting = file({ step: 'embed', attempts: 2, next_retry_at: 100 });

    expect(stepInWords(waiting, 88_000)).toBe('Computing vectors did not work (tried 2 times). Trying again in 12 s');
    expect(stepInWords(waiting, 101_000)).toContain('Trying again now');
    expect(stepInWords(file({ next_retry_at: 700 }), 0)).toContain('in 12 min');
  });
});

describe('announcement', () => {
  it('names what has become ready or has failed, and counts what is more', () => {
    expect(announcement(all('completed', 1))).toBe('0.txt is ready.');
    expect(announcement(all('completed', 5))).toBe('5 documents are ready.');
    expect(announcement([...all('completed', 3), file({ filename: 'b.txt', status: 'failed', last_error: { code: 'invalid_file', message: 'It is empty.' } })]))
      .toBe('3 documents are ready. b.txt failed: It is empty.');
    expect(announcement(all('cancelled', 1))).toBeNull();
  });

  it('is about what has ended since, also when nobody saw it begin', () => {
    expect(endedBetween(all('in_progress', 2), all('completed', 2))).toHaveLength(2);
    expect(endedBetween([], all('completed', 2))).toHaveLength(2);
  });

  it('is not about progress, what was over before, and older documents that are loaded', () => {
    expect(endedBetween(all('in_progress', 2), all('in_progress', 2))).toEqual([]);
    expect(endedBetween(all('completed', 2), all('completed', 2))).toEqual([]);
    expect(endedBetween(all('completed', 1), [...all('completed', 1), file({ id: 'old', status: 'completed', created_at: 0 })])).toEqual([]);
  });
});

describe('The path of a document', () => {
  it('is kept as an attribute where there is a folder, and not too long a one', () => {
    expect(attributesFor('a.txt')).toEqual({});
    expect(attributesFor('f/a.txt')).toEqual({ path: 'f/a.txt' });
    expect(attributesFor(`${'f'.repeat(512)}/a.txt`)).toEqual({});
    expect(pathOf(file({ attributes: { path: 'f/a.txt' } }))).toBe('f/a.txt');
    expect(pathOf(file({ attributes: { path: 7 } }))).toBe('a.txt');
  });

  it('can be searched', () => {
    const files = [file({ attributes: { path: 'Reports/a.txt' } }), file({ id: 'f2', filename: 'b.txt', status: 'failed' })];

    expect(matching(files, { text: ' report', status: null })).toEqual([files[0]]);
    expect(matching(files, { text: '', status: 'failed' })).toEqual([files[1]]);
  });
});

describe('sizeInWords', () => {
  it('is as exact as anyone wants to know', () => {
    expect([0, 1, 1010, 1536, 20_480, 536_870_912].map(sizeInWords)).toEqual(['0 bytes', '1 byte', '1,010 bytes', '1.5 KB', '20 KB', '512 MB']);
  });
});
