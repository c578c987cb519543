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
import type { ReadPage } from './foldText';
import { useOpenedFile } from './openedFile';
import { PageNavigation } from './PageNavigation';
import { QuotedWords } from './QuotedWords';
import { useDocument } from './useDocument';
import { useQuotation } from './useQuotation';
import './reader.css';

interface ReaderPageProps {
  collectionId: string;
  fileId: string;
  page: number;
}

/** A document, for as long as there is one. */
export function ReaderPage({ collectionId, fileId, page }: ReaderPageProps) {
  const { file, isMissing } = useOpenedFile(collectionId, fileId);
  return isMissing ? <Missing collectionId={collectionId} /> : <Reader collectionId={collectionId} fileId={fileId} page={page} file={file} />;
}

/** The text of a document as it was read, page by page. */
function Reader({ collectionId, fileId, page: place, file }: ReaderPageProps & { file: CollectionFile | null }) {
  const { page, total, status, error, more, reload } = useDocument(collectionId, fileId, place);
  const top = useRef<HTMLDivElement>(null);

  // Read since it was opened: now there is a text.
  const isReady = file?.status === 'completed';
  useEffect(() => {
    if (isReady && status === 'not-ready') reload();
  }, [isReady, status, reload]);
  useEffect(() => {
    top.current?.scrollTo(0, 0);
    // What went wrong on another page need not go wrong on this one.
    reload();
  }, [place, reload]);
  const { range, isLost } = useQuotation(page, more, top);

  const open = useCallback((wanted: number) => navigate(readerPath(collectionId, fileId, wanted), { replace: true }), [collectionId, fileId]);
  useEffect(() => {
    // With what was quoted from it, which may stand elsewhere now.
    if (status === 'no-such-page' && place > 1) navigate(readerPath(collectionId, fileId) + location.search, { replace: true });
  }, [status, place, collectionId, fileId]);

  if (status === 'missing') return <Missing collectionId={collectionId} />;
  return (
    <div className="reader" ref={top} data-testid="reader">
      <div className="documents-bar reader-bar">
        {file && <Details file={file} />}
        {total > 1 && <PageNavigation number={place} total={total} onPage={open} />}
        <a className="button" href={filesApi.contentPath(fileId)} download={file?.filename ?? ''} data-testid="download-original">
          <DownloadIcon /> Original
        </a>
      </div>
      {isLost && (
        <Notice kind="info" testId="quote-lost">
          This passage is not on this page as it was cited: the document has changed since.
          <QuotedWords title="It was cited with these words:" />
        </Notice>
      )}
      <article className="prose document-page" aria-label={total > 1 ? `Page ${place}` : 'Text'} aria-busy={status === 'loading'} data-testid="document-page">
        {page && <PageLabel page={page} />}
        {page && <DocumentText key={place} blocks={page.blocks} quote={range} hasMore={page.next !== null} onMore={more} />}
        {status === 'ready' && (page === null || page.blocks.length === 0) && <p className="muted">There is no text here.</p>}
        {status === 'loading' && <Loading />}
        {status === 'not-ready' && (
          <div data-testid="reader-not-ready">
            <p className="muted">The text of this document has not been read yet.</p>
            {file && <FileStatus file={file} />}
          </div>
        )}
        {error && status !== 'not-ready' && (
          <Notice kind="error" actions={<button type="button" className="button button-small" onClick={reload}>Try again</button>}>{error}</Notice>
        )}
      </article>
    </div>
  );
}

/** What the document itself calls the page, unless it begins with that. */
function PageLabel({ page: { label, blocks } }: { page: ReadPage }) {
  return label === null || blocks[0]?.text === label ? null : <p className="document-label muted small" dir="auto">{label}</p>;
}

function Loading() {
  return (
    <div className="skeleton-list" role="status" aria-label="Loading">
      {[94, 88, 96, 60].map((width) => <div key={width} className="skeleton" style={{ width: `${width}%` }} />)}
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

function Missing({ collectionId }: { collectionId: string }) {
  return (
    <div className="missing" data-testid="document-missing">
      <h2>There is no such document</h2>
      <p className="muted">It may have been removed from this collection, or replaced.</p>
      <QuotedWords title="It was cited with these words:" />
      <a className="button button-primary" href={collectionPath(collectionId)} onClick={followLink}>To the collection</a>
    </div>
  );
}
