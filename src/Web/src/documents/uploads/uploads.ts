import { collectionFilesApi, documentsApi, filesApi } from '../../api/documents';
import type { DocumentSettings } from '../../api/documentWire';
import { uploadFile } from '../../api/uploadFile';
import { onSignOut } from '../../session/sessionStore';
import { onGone } from '../collections/endings';
import { showAttached } from '../files/fileStore';
import { isActive, UploadQueue } from './uploadQueue';

export const uploadQueue = new UploadQueue({
  upload: uploadFile,
  attach: collectionFilesApi.attach,
  discard: filesApi.remove,
  onAttached: showAttached,
});
onSignOut(() => uploadQueue.clear());
onGone((collectionId) => uploadQueue.removeAll(collectionId));

/** Whoever closes the page while files are on their way is asked first. */
const askFirst = (event: BeforeUnloadEvent) => event.preventDefault();
uploadQueue.uploads.subscribe(() => {
  if (uploadQueue.uploads.get().some(isActive)) window.addEventListener('beforeunload', askFirst);
  else window.removeEventListener('beforeunload', askFirst);
});

let asked: Promise<DocumentSettings | null> | null = null;
onSignOut(() => {
  asked = null;
});

/** Null when they cannot be had: then the server alone says what it takes. */
export function documentSettings(): Promise<DocumentSettings | null> {
  asked ??= documentsApi.settings().catch(() => {
    asked = null;
    return null;
  });
  return asked;
}
