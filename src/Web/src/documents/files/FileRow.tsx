import { memo, useState } from 'react';
import { collectionFilesApi, filesApi } from '../../api/documents';
import type { CollectionFile } from '../../api/documentWire';
import { ApiError, messageOf } from '../../api/errors';
import { followLink } from '../../app/router';
import { AlertIcon, DocumentIcon, DotsIcon, DownloadIcon, RetryIcon, TrashIcon } from '../../ui/icons';
import { Menu } from '../../ui/Menu';
import { showToast } from '../../ui/toast';
import { readerPath } from '../paths';
import { FileStatus } from './FileStatus';
import { baseName, pathOf } from './names';
import { RemoveFileDialog } from './RemoveFileDialog';

interface FileRowProps {
  collectionId: string;
  file: CollectionFile;
}

export const FileRow = memo(function FileRow({ collectionId, file }: FileRowProps) {
  const [removing, setRemoving] = useState(false);
  const { id, filename, status } = file;
  const canRetry = status === 'failed' || status === 'cancelled';
  return (
    <li className={status === 'completed' ? 'entry entry-link' : 'entry'} data-testid="file-row" data-status={status}>
      {status === 'failed' ? <span className="warn entry-icon"><AlertIcon size={20} /></span> : <DocumentIcon size={20} />}
      <div className="entry-text">
        <FileName collectionId={collectionId} file={file} />
        <FileStatus file={file} />
      </div>
      {canRetry && <RetryFile collectionId={collectionId} file={file} />}
      <Menu label={`Actions for ${filename}`} className="entry-menu" button={<DotsIcon />} testId="file-menu">
        {(closeMenu) => (
          <>
            <a role="menuitem" tabIndex={-1} href={filesApi.contentPath(id)} download={filename} onClick={closeMenu} data-testid="download-file">
              <DownloadIcon /> Download the original
            </a>
            <button type="button" role="menuitem" className="danger" onClick={() => { closeMenu(); setRemoving(true); }} data-testid="remove-file">
              <TrashIcon /> {status === 'in_progress' ? 'Stop and remove' : 'Remove'}
            </button>
          </>
        )}
      </Menu>
      {removing && <RemoveFileDialog collectionId={collectionId} file={file} onClose={() => setRemoving(false)} />}
    </li>
  );
});

/** The folder, where there is one, steps back behind the name. */
function FileName({ collectionId, file }: FileRowProps) {
  const path = pathOf(file);
  const base = baseName(path);
  const name = (
    <>
      {path !== base && <span className="entry-folder">{path.slice(0, -base.length)}</span>}
      <bdi>{base}</bdi>
    </>
  );
  return file.status === 'completed' ? (
    <a className="entry-name" href={readerPath(collectionId, file.id)} onClick={followLink} title={path}>{name}</a>
  ) : (
    <p className="entry-name" title={path}>{name}</p>
  );
}

function RetryFile({ collectionId, file }: FileRowProps) {
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      // What comes of it is told by the server's events.
      await collectionFilesApi.retry(collectionId, file.id);
    } catch (error) {
      const wentOn = error instanceof ApiError && error.status === 409;
      if (!wentOn) showToast(messageOf(error));
    }
    setBusy(false);
  };
  return (
    <button type="button" className="button button-small" onClick={retry} disabled={busy} aria-label={`Retry ${file.filename}`} data-testid="retry-file">
      <RetryIcon size={15} /> Retry
    </button>
  );
}
