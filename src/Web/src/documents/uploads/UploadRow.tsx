import { memo } from 'react';
import { CloseIcon, RetryIcon } from '../../ui/icons';
import { ProgressBar } from '../ProgressBar';
import { sizeInWords } from '../words';
import { isActive, type Upload } from './uploadQueue';
import { uploadQueue } from './uploads';

export const UploadRow = memo(function UploadRow({ upload }: { upload: Upload }) {
  const { key, name, file, phase, error } = upload;
  return (
    <li className="upload-row" data-testid="upload-row" data-phase={phase}>
      <div className="entry-text">
        <p className="upload-name" title={name}><bdi>{name}</bdi></p>
        {error ? <p className="warn small" data-testid="upload-error">{error}{isActive(upload) && ' Trying again…'}</p> : <Sent upload={upload} />}
      </div>
      {phase === 'failed' && (
        <button type="button" className="button button-small" onClick={() => uploadQueue.retry(key)} aria-label={`Retry to upload ${name}`} data-testid="retry-upload">
          <RetryIcon size={15} /> Retry
        </button>
      )}
      <button type="button" className="icon-button" onClick={() => uploadQueue.remove(key)} data-testid="remove-upload"
        aria-label={isActive(upload) ? `Cancel the upload of ${name}` : `Forget ${name}`} title={isActive(upload) ? 'Cancel' : 'Forget'}>
        <CloseIcon size={16} />
      </button>
      {isActive(upload) && <ProgressBar value={upload.loaded / file.size} label={`Upload of ${name}`} />}
    </li>
  );
});

function Sent({ upload: { phase, loaded, file } }: { upload: Upload }) {
  // All bytes have left, but the server still has some of them to put away.
  const arriving = phase === 'attaching' || loaded >= file.size;
  return <p className="muted small">{arriving ? 'Almost done…' : `${sizeInWords(loaded)} of ${sizeInWords(file.size)}`}</p>;
}
