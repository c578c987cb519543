import { useMemo } from 'react';
import { useStore } from '../../ui/store';
import { ProgressBar } from '../ProgressBar';
import { count, percent, sizeInWords } from '../words';
import { isActive, type Upload } from './uploadQueue';
import { UploadRow } from './UploadRow';
import { uploadQueue } from './uploads';

/** More troubles than anyone reads one by one are counted. */
const mostTroubles = 50;

/** Files on their way into a collection, and those that did not get there. */
export function UploadPanel({ collectionId }: { collectionId: string }) {
  const all = useStore(uploadQueue.uploads, (value) => value);
  const uploads = useMemo(() => all.filter((upload) => upload.collectionId === collectionId), [all, collectionId]);
  if (uploads.length === 0) return null;

  const active = uploads.filter(isActive);
  const running = active.filter(({ phase }) => phase !== 'waiting');
  const troubles = uploads.filter(({ phase }) => phase === 'failed' || phase === 'refused');
  const failed = troubles.filter(({ phase }) => phase === 'failed');
  return (
    <section className="upload-panel" aria-label="Uploads" data-testid="uploads">
      <div className="upload-head">
        <h2>{headline(active.length, failed.length, troubles.length)}</h2>
        {/* Without the number, which changes with every file. */}
        <span className="visually-hidden" role="status">{active.length > 0 ? 'Uploading files' : headline(0, failed.length, troubles.length)}</span>
        {failed.length > 1 && (
          <button type="button" className="button button-small" onClick={() => failed.forEach(({ key }) => uploadQueue.retry(key))}>Retry all</button>
        )}
        <button type="button" className="button button-small" onClick={() => uploadQueue.removeAll(collectionId)} data-testid="clear-uploads">
          {active.length > 0 ? 'Cancel all' : 'Clear'}
        </button>
      </div>
      {active.length > 0 && <Sum uploads={uploads} />}
      <ul>
        {running.map((upload) => <UploadRow key={upload.key} upload={upload} />)}
        {troubles.slice(0, mostTroubles).map((upload) => <UploadRow key={upload.key} upload={upload} />)}
      </ul>
      {active.length > running.length && <p className="muted small">{count(active.length - running.length, 'more file')} waiting</p>}
      {troubles.length > mostTroubles && <p className="muted small">and {count(troubles.length - mostTroubles, 'more file')} that were not added</p>}
    </section>
  );
}

function headline(active: number, failed: number, troubles: number): string {
  if (active > 0) return `Uploading ${count(active, 'file')}`;
  if (failed > 0) return `${count(failed, 'file')} could not be uploaded`;
  return `${count(troubles, 'file')} ${troubles === 1 ? 'was' : 'were'} not added`;
}

function Sum({ uploads }: { uploads: Upload[] }) {
  const counted = uploads.filter((upload) => isActive(upload) || upload.phase === 'done');
  if (counted.length < 2) return null;
  const size = counted.reduce((sum, { file }) => sum + file.size, 0);
  const sent = counted.reduce((sum, { phase, loaded, file }) => sum + (phase === 'done' ? file.size : loaded), 0);
  return (
    <div className="upload-sum">
      <ProgressBar value={sent / size} label="Progress of all uploads" />
      <span className="muted small">{sizeInWords(sent)} of {sizeInWords(size)} ({percent(sent / size)} %)</span>
    </div>
  );
}
