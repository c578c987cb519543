import { useCallback, useEffect, useRef } from 'react';
import { filesApi } from '../../api/documents';
import type { CollectionFile } from '../../api/documentWire';
import { followLink, navigate } from '../../app/router';
import { DownloadIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { FileStatus } from '../files/FileStatus';
import { collectionPath, readerPath } from '../paths';
import { count, sizeInWords } from '../words';
import { DocumentText } from './DocumentText';
import { useOpenedFile } from './openedFile';
import { PageNavigation } from './PageNavigation';
import { indexOfPage, numberOf, useDocument, type DocumentText as Text } from './useDocument';
import './reader.css';

interface ReaderPageProps {
  collectionId: string;
  fileId: string;
  page: number;
}

/** The text of a document as it was read, page by page. */
export function ReaderPage({ collectionId, fileId, page }: ReaderPageProps) {
  const file = useOpenedFile(collectionId, fileId);
  const { document, reload } = useDocument(collectionId, fileId, page);
  const top = useRef<HTMLDivElement>(null);
  const index = indexOfPage(document.pages, page);
  const shown = document.pages[index];

  // Read since it was opened: now there is a text.
  const isReady = file?.status === 'completed';
  useEffect(() => {
    if (isReady && document.status === 'not-ready') reload();
  }, [isReady, document.status, reload]);
  useEffect(() => {
    top.current?.scrollTo(0, 0);
  }, [page]);

  const open = useCallback((number: number) => navigate(readerPath(collectionId, fileId, number), { replace: true }), [collectionId, fileId]);
  const numberAt = (place: number): number | null => {
    const other = document.pages[place];
    return other ? numberOf(other, place) : null;
  };

  if (document.status === 'missing') return <Missing collectionId={collectionId} />;
  const number = shown ? numberOf(shown, index) : page;
  const last = numberAt(document.pages.length - 1) ?? 1;
  const total = Math.max(last, file?.page_count ?? 0);
  return (
    <div className="reader" ref={top} data-testid="reader">
      <div className="documents-bar reader-bar">
        {file && <Details file={file} />}
        {document.pages.length > 0 && total > 1 && (
          <PageNavigation number={number} total={total} previous={numberAt(index - 1)} next={numberAt(index + 1)} onPage={open} />
        )}
        <a className="button" href={filesApi.contentPath(fileId)} download={file?.filename ?? ''} data-testid="download-original">
          <DownloadIcon /> Original
        </a>
      </div>
      <article className="document-page" aria-label={total > 1 ? `Page ${number}` : 'Text'} aria-busy={document.status === 'loading'} data-testid="document-page">
        {shown?.label && <p className="document-label muted small" dir="auto">{shown.label}</p>}
        {shown && <DocumentText key={number} page={shown} />}
        <Outcome file={file} document={document} isEmpty={shown !== undefined && shown.text.trim() === ''} onReload={reload} />
      </article>
    </div>
  );
}

function Details({ file }: { file: CollectionFile }) {
  return (
    <p className="entry-details">
      <span>{count(file.chunk_count, 'passage')}</span>
      <span>{sizeInWords(file.bytes)}</span>
    </p>
  );
}

interface OutcomeProps {
  file: CollectionFile | null;
  document: Text;
  isEmpty: boolean;
  onReload: () => void;
}

/** What there is to say when there is no text to show. */
function Outcome({ file, document, isEmpty, onReload }: OutcomeProps) {
  switch (document.status) {
    case 'loading':
      return <div className="skeleton-list" role="status" aria-label="Loading">{[94, 88, 96, 60].map((width) => <div key={width} className="skeleton" style={{ width: `${width}%` }} />)}</div>;
    case 'not-ready':
      return (
        <div data-testid="reader-not-ready">
          <p className="muted">The text of this document has not been read yet.</p>
          {file && <FileStatus file={file} />}
        </div>
      );
    case 'error':
      return <Notice kind="error" actions={<button type="button" className="button button-small" onClick={onReload}>Try again</button>}>{document.error}</Notice>;
    default:
      return isEmpty || document.pages.length === 0 ? <p className="muted">There is no text on this page.</p> : null;
  }
}

function Missing({ collectionId }: { collectionId: string }) {
  return (
    <div className="missing" data-testid="document-missing">
      <h2>There is no such document</h2>
      <p className="muted">It may have been removed from this collection, or replaced.</p>
      <a className="button button-primary" href={collectionPath(collectionId)} onClick={followLink}>To the collection</a>
    </div>
  );
}
