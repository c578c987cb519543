import { useCallback, useEffect, useState } from 'react';
import { documentsApi } from '../../api/documents';
import { ApiError, isAbort, messageOf } from '../../api/errors';
import { foldText, missingToken, nothingRead, type ReadPage } from './foldText';

export type ReadingStatus = 'loading' | 'ready' | 'missing' | 'no-such-page' | 'not-ready' | 'error';

export interface OpenDocument {
  /** The page that was asked for, once it is there. */
  page: ReadPage | null;
  total: number;
  status: ReadingStatus;
  error: string | null;
  /** Loads more of the page. */
  more: () => void;
  reload: () => void;
}

interface Trouble {
  status: ReadingStatus;
  error: string;
}

/** Loads a page of a document, the one after it, and as much of a long page as is wanted. */
export function useDocument(collectionId: string, fileId: string, place: number): OpenDocument {
  const [text, setText] = useState(nothingRead);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [goOnWith, setGoOnWith] = useState<string | null>(null);
  const page = text.pages[place] ?? null;
  const token = trouble ? null : (goOnWith ?? missingToken(text, place));

  useEffect(() => {
    if (token === null) return;
    const abort = new AbortController();
    documentsApi.text(collectionId, fileId, token, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        if (answer.data.length === 0 && answer.pages > 0) {
          const status = Number.parseInt(token, 10) > answer.pages ? 'no-such-page' : 'error';
          return setTrouble({ status, error: 'The server sent no text. Try again.' });
        }
        setText((before) => foldText(before, token, answer));
        setGoOnWith(null);
      },
      (error: unknown) => {
        if (!isAbort(error)) setTrouble({ status: statusAfter(error), error: messageOf(error) });
      },
    );
    return () => abort.abort();
  }, [collectionId, fileId, token]);

  return {
    page,
    total: text.total ?? 0,
    // Trouble with the next page is none of this one.
    status: page ? 'ready' : (trouble?.status ?? (token !== null ? 'loading' : text.total === 0 ? 'ready' : 'no-such-page')),
    error: trouble?.error ?? null,
    more: useCallback(() => setGoOnWith(page?.next ?? null), [page?.next]),
    reload: useCallback(() => setTrouble(null), []),
  };
}

function statusAfter(error: unknown): ReadingStatus {
  if (!(error instanceof ApiError)) return 'error';
  if (error.code === 'file_not_ready') return 'not-ready';
  return error.status === 404 ? 'missing' : error.status === 400 ? 'no-such-page' : 'error';
}
