import { useCallback, useEffect, useState } from 'react';
import { collectionsApi } from '../../api/documents';
import type { SearchResults } from '../../api/documentWire';
import { isAbort, messageOf } from '../../api/errors';
import { toRequest, type Search } from './searchState';

export interface Searching {
  /** Of the last search that was answered. */
  results: SearchResults | null;
  status: 'idle' | 'searching' | 'more' | 'ready' | 'error';
  error: string | null;
  /** How long the server took, with the way there and back. */
  milliseconds: number | null;
  more: () => void;
  again: () => void;
}

const nothing = { results: null, status: 'idle', error: null, milliseconds: null } as const;

/** Searches whenever what is looked for changes. */
export function useSearch(collectionId: string, search: Search): Searching {
  const [state, setState] = useState<Omit<Searching, 'more' | 'again'>>(nothing);
  const [page, setPage] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const request = JSON.stringify(search.question.trim() === '' ? null : toRequest(search));
  const [asked, setAsked] = useState(request);
  // Another search begins at its beginning.
  if (asked !== request) {
    setAsked(request);
    setPage(null);
  }

  useEffect(() => {
    if (request === 'null') return setState(nothing);
    const abort = new AbortController();
    const began = performance.now();
    setState((before) => ({ ...before, status: page ? 'more' : 'searching', error: null }));
    collectionsApi.search(collectionId, { ...JSON.parse(request), ...(page ? { page } : {}) }, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        setState(({ results: before, milliseconds }) => ({
          results: page && before ? { ...answer, data: [...before.data, ...answer.data] } : answer,
          status: 'ready',
          error: null,
          milliseconds: page ? milliseconds : Math.round(performance.now() - began),
        }));
      },
      (error: unknown) => {
        if (!isAbort(error) && !abort.signal.aborted) setState((before) => ({ ...before, results: page ? before.results : null, status: 'error', error: messageOf(error) }));
      },
    );
    return () => abort.abort();
  }, [collectionId, request, page, attempt]);

  const { status, results } = state;
  const again = useCallback(() => {
    // What failed is asked again; what was answered begins anew.
    if (status !== 'error') setPage(null);
    setAttempt((count) => count + 1);
  }, [status]);
  const more = useCallback(() => {
    setPage(results?.next_page ?? null);
    setAttempt((count) => count + 1);
  }, [results]);
  return { ...state, more, again };
}
