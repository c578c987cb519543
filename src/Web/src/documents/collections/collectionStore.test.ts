import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Collection } from '../../api/documentWire';
import { fileStore, watchFiles } from '../files/fileStore';
import { collectionStore, createCollection, deleteCollection, refreshCollection, refreshCollections, refreshCollectionSoon } from './collectionStore';
import { endings } from './endings';

const collection = (id: string): Collection => ({ id, name: id, created_at: 1 }) as Collection;
const notFound = () => new Response('{}', { status: 404 });

let requests: string[];
let answers: Record<string, () => Response | Promise<Response>>;

beforeEach(() => {
  requests = [];
  answers = {};
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (path: string, { method = 'GET', signal }: RequestInit) => {
    const aborted = new Promise<never>((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    if (signal?.aborted) return aborted;
    const request = `${method} ${path}`;
    requests.push(request);
    return Promise.race([aborted, answers[request]?.() ?? new Response('{}')]);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const store of [endings, fileStore]) store.set({});
  collectionStore.set({ entries: [], others: [], hasMore: false, status: 'loading', error: null });
});

const never = () => new Promise<Response>(() => {});
const ids = () => collectionStore.get().entries.map(({ id }) => id);

describe('A collection that is deleted', () => {
  it('is not asked about any more, neither by what waits for its turn nor by the stream of its files', async () => {
    answers['GET /api/vector_stores/vs_1/events'] = never;
    answers['GET /v1/vector_stores/vs_1'] = () => Response.json(collection('vs_1'));
    const watching = watchFiles('vs_1', new AbortController().signal);
    refreshCollectionSoon('vs_1');

    await deleteCollection('vs_1');
    await watching;
    await vi.advanceTimersByTimeAsync(5000);

    expect(requests).toEqual(['GET /v1/vector_stores/vs_1', 'GET /api/vector_stores/vs_1/events', 'DELETE /v1/vector_stores/vs_1']);
  });

  it('is not brought back by an answer that was on its way', async () => {
    let answer: ((response: Response) => void) | undefined;
    answers['GET /v1/vector_stores?limit=100'] = () => new Promise((resolve) => (answer = resolve));
    const refreshed = refreshCollections();

    await deleteCollection('vs_1');
    answer?.(Response.json({ data: [collection('vs_2'), collection('vs_1')], has_more: false }));
    await refreshed;

    expect(ids()).toEqual(['vs_2']);
  });

  it('is gone as well when somebody else was faster', async () => {
    collectionStore.set((all) => ({ ...all, entries: [collection('vs_1')] }));
    answers['DELETE /v1/vector_stores/vs_1'] = notFound;

    await deleteCollection('vs_1');

    expect(ids()).toEqual([]);
  });

  it('somewhere else is known to be gone after one question', async () => {
    collectionStore.set((all) => ({ ...all, entries: [collection('vs_1')] }));
    answers['GET /api/vector_stores/vs_1/events'] = notFound;
    answers['GET /v1/vector_stores/vs_1'] = never;

    await watchFiles('vs_1', new AbortController().signal);
    refreshCollectionSoon('vs_1');
    await vi.advanceTimersByTimeAsync(120_000);

    expect(endings.get()).toEqual({ vs_1: 'gone' });
    expect(ids()).toEqual([]);
    expect(requests.filter((request) => request.endsWith('/events'))).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });
});

it('A collection that could not be deleted is asked about again', async () => {
  answers['DELETE /v1/vector_stores/vs_1'] = () => new Response('{}', { status: 500 });

  await expect(deleteCollection('vs_1')).rejects.toMatchObject({ status: 500 });
  refreshCollectionSoon('vs_1');
  await vi.advanceTimersByTimeAsync(1000);

  expect(requests).toContain('GET /v1/vector_stores/vs_1');
});

describe('A list that was asked for before', () => {
  it('neither hides a collection that was made meanwhile nor brings back what one was like', async () => {
    let answer: ((response: Response) => void) | undefined;
    answers['GET /v1/vector_stores?limit=100'] = () => new Promise((resolve) => (answer = resolve));
    answers['POST /v1/vector_stores'] = () => Response.json(collection('vs_2'));
    answers['GET /v1/vector_stores/vs_1'] = () => Response.json({ ...collection('vs_1'), usage_bytes: 7 });
    collectionStore.set((current) => ({ ...current, entries: [collection('vs_1')] }));
    const refreshed = refreshCollections();

    await createCollection('vs_2');
    await refreshCollection('vs_1');
    answer?.(Response.json({ data: [{ ...collection('vs_1'), usage_bytes: 3 }, collection('vs_0')], has_more: false }));
    await refreshed;

    expect(ids()).toEqual(['vs_2', 'vs_1', 'vs_0']);
    expect(collectionStore.get().entries[1]?.usage_bytes).toBe(7);
  });
});
