import { useEffect, useState } from 'react';
import type { CollectionFile } from '../../api/documentWire';
import { ProgressBar } from '../ProgressBar';
import { count, percent, sizeInWords } from '../words';
import { stepInWords } from './stepWords';

/** How a document stands, in words. */
export function FileStatus({ file }: { file: CollectionFile }) {
  switch (file.status) {
    case 'in_progress':
      return <InProgress file={file} />;
    case 'failed':
      return (
        <p className="entry-details">
          <span className="warn" data-testid="file-error">{file.last_error?.message ?? 'It failed, and no reason is known.'}</span>
        </p>
      );
    case 'cancelled':
      return <p className="entry-details"><span>Cancelled</span><span>{sizeInWords(file.bytes)}</span></p>;
    case 'completed':
      return (
        <p className="entry-details" data-testid="file-ready">
          <span className="visually-hidden">Ready</span>
          {file.page_count != null && <span>{count(file.page_count, 'page')}</span>}
          <span>{count(file.chunk_count, 'passage')}</span>
          <span>{sizeInWords(file.bytes)}</span>
        </p>
      );
  }
}

function InProgress({ file }: { file: CollectionFile }) {
  const waits = file.next_retry_at != null;
  const now = useNow(waits);
  return (
    <>
      <p className="entry-details" data-testid="file-step">
        <span className={waits ? '' : 'busy'}>{stepInWords(file, now)}</span>
        {!waits && file.progress > 0 && <span>{percent(file.progress)} %</span>}
        {waits && file.last_error && <span>{file.last_error.message}</span>}
      </p>
      <ProgressBar value={file.progress} label={`Progress of ${file.filename}`} />
    </>
  );
}

/** The time, by the second while somebody counts. */
function useNow(counting: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!counting) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counting]);
  return now;
}
