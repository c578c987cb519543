import { describe, expect, it } from 'vitest';
import type { CollectionFile } from '../../api/documentWire';
import { foldAttached, foldEvent, foldPage, noFiles, type FileList } from './foldFiles';

const file = (id: string, created_at: number, changes: Partial<CollectionFile> = {}): CollectionFile => ({
  id, created_at, vector_store_id: 'vs_1', filename: `${id}.txt`, bytes: 10, status: 'in_progress', progress: 0, attempts: 0, chunk_count: 0, last_error: null, ...changes,
});
const listOf = (files: CollectionFile[], changes: Partial<FileList> = {}): FileList => ({ ...noFiles, status: 'ready', files, ...changes });
const ids = ({ files }: FileList): string[] => files.map(({ id }) => id);

describe('The documents of a collection', () => {
  it('are what the newest snapshot says, whatever was loaded before', () => {
    const list = foldEvent(listOf([file('old', 1)]), { type: 'snapshot', files: [file('c', 3), file('b', 2)], total: 5 });

    expect(ids(list)).toEqual(['c', 'b']);
    expect(list).toMatchObject({ hasMore: true, status: 'ready' });
    expect(foldEvent(list, { type: 'snapshot', files: [file('c', 3)], total: 1 }).hasMore).toBe(false);
  });

  it('change in their places', () => {
    const list = foldEvent(listOf([file('b', 2), file('a', 1)]), { type: 'file', file: file('a', 1, { status: 'completed', progress: 1 }) });

    expect(list.files.map(({ id, status }) => [id, status])).toEqual([['b', 'in_progress'], ['a', 'completed']]);
  });

  it('come in by their age, the newest first', () => {
    const list = listOf([file('c', 3), file('a', 1)]);

    expect(ids(foldEvent(list, { type: 'file', file: file('d', 4) }))).toEqual(['d', 'c', 'a']);
    expect(ids(foldEvent(list, { type: 'file', file: file('b', 2) }))).toEqual(['c', 'b', 'a']);
    expect(ids(foldEvent(list, { type: 'file', file: file('z', 0) }))).toEqual(['c', 'a', 'z']);
  });

  it('that are older than those loaded are left for their page', () => {
    const list = listOf([file('c', 3)], { hasMore: true });

    expect(foldEvent(list, { type: 'file', file: file('a', 1) })).toBe(list);
  });

  it('move to the front when they are attached once more', () => {
    expect(ids(foldEvent(listOf([file('b', 2), file('a', 1)]), { type: 'file', file: file('a', 3) }))).toEqual(['a', 'b']);
  });

  it('go when they are deleted', () => {
    const list = listOf([file('b', 2), file('a', 1)]);

    expect(ids(foldEvent(list, { type: 'deleted', file_id: 'b' }))).toEqual(['a']);
    expect(foldEvent(list, { type: 'deleted', file_id: 'unknown' })).toBe(list);
  });

  it('are not set back by the answer to attaching them when the events were faster', () => {
    const ready = listOf([file('a', 1, { status: 'completed' })]);

    expect(foldAttached(ready, file('a', 1))).toBe(ready);
    expect(ids(foldAttached(ready, file('b', 2)))).toEqual(['b', 'a']);
  });

  it('are there once, also when pages overlap', () => {
    const page = { data: [file('b', 2), file('a', 1)], has_more: false, first_id: 'b', last_id: 'a' };

    expect(foldPage(listOf([file('c', 3), file('b', 2)], { hasMore: true, loadingMore: true }), page)).toMatchObject({ hasMore: false, loadingMore: false });
    expect(ids(foldPage(listOf([file('c', 3), file('b', 2)]), page))).toEqual(['c', 'b', 'a']);
  });
});
