import { collectionFilesApi, filesApi } from '../../api/documents';
import { ApiError } from '../../api/errors';
import { refreshCollectionSoon } from '../collections/collectionStore';
import { whileThere } from '../collections/endings';
import { changeFiles } from './fileStore';
import { foldEvent } from './foldFiles';

/** What is gone already needs no deleting. */
async function gone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Takes a document out of the collection; with its original, it leaves every other one, too. */
export async function removeFile(collectionId: string, fileId: string, original: boolean): Promise<void> {
  await gone(original ? filesApi.remove(fileId) : collectionFilesApi.detach(collectionId, fileId));
  changeFiles(collectionId, (list) => foldEvent(list, { type: 'deleted', file_id: fileId }));
  refreshCollectionSoon(collectionId);
}

const atOnce = 4;

/** Deletes the originals of all that a collection has. */
export async function deleteAllFiles(collectionId: string, onProgress: (done: number) => void): Promise<void> {
  const seen = new Set<string>();
  for (let done = 0; ; ) {
    const data = (await collectionFilesApi.list(collectionId, { limit: 100 }, whileThere(collectionId))).data.filter(({ id }) => !seen.has(id));
    if (data.length === 0) return;
    for (const { id } of data) seen.add(id);
    for (let start = 0; start < data.length; start += atOnce) {
      const some = data.slice(start, start + atOnce);
      await Promise.all(some.map(({ id }) => gone(filesApi.remove(id))));
      onProgress((done += some.length));
    }
  }
}
