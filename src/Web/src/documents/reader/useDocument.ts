import { useCallback, useEffect, useRef, useState } from 'react';
import { collectionFilesApi } from '../../api/documents';
import type { DocumentPage } from '../../api/documentWire';
import { ApiError, isAbort, messageOf } from '../../api/errors';

export interface DocumentText {
  /** From the first on, as far as they are loaded. */
  pages: DocumentPage[];
  hasMore: boolean;
  status: 'loading' | 'ready' | 'missing' | 'not-ready' | 'error';
  error: string | null;
}

const nothing: DocumentText = { pages: [], hasMore: true, status: 'loading', error: null };

/** Pages without text may be left out, so a number is not always a place. */
export const numberOf = (page: DocumentPage, index: number): number => page.page ?? index + 1;

/** The first page of this number or a higher one; the last, when all are lower. */
export function indexOfPage(pages: DocumentPage[], number: number): number {
  const index = pages.findIndex((page, place) => numberOf(page, place) >= number);
  return index < 0 ? pages.length - 1 : index;
}

const reaches = ({ pages, hasMore }: DocumentText, number: number): boolean =>
  !hasMore || (pages.length > 0 && numberOf(pages.at(-1)!, pages.length - 1) >= number);

/** Loads a document's text up to a page and the one after it, portion by portion. */
export function useDocument(collectionId: string, fileId: string, number: number): { document: DocumentText; reload: () => void } {
  const [document, setDocument] = useState(nothing);
  const [reloads, setReloads] = useState(0);
  const next = useRef<string | undefined>(undefined);

  useEffect(() => {
    next.current = undefined;
    setDocument(nothing);
  }, [collectionId, fileId, reloads]);

  const wanted = document.status !== 'error' && document.status !== 'missing' && document.status !== 'not-ready' && !reaches(document, number + 1);
  const loaded = document.pages.length;
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    collectionFilesApi.pages(collectionId, fileId, next.current, abort.signal).then(
      (portion) => {
        if (abort.signal.aborted) return;
        next.current = portion.next_page ?? undefined;
        setDocument(({ pages }) => ({ pages: [...pages, ...portion.data], hasMore: portion.has_more && portion.data.length > 0, status: 'ready', error: null }));
      },
      (error: unknown) => {
        if (!isAbort(error)) setDocument((current) => ({ ...current, status: statusAfter(error), error: messageOf(error) }));
      },
    );
    return () => abort.abort();
  }, [collectionId, fileId, reloads, wanted, loaded]);

  return { document, reload: useCallback(() => setReloads((times) => times + 1), []) };
}

function statusAfter(error: unknown): DocumentText['status'] {
  if (!(error instanceof ApiError)) return 'error';
  return error.status === 404 ? 'missing' : error.code === 'file_not_ready' ? 'not-ready' : 'error';
}
