import { isAbort, messageOf } from '../../api/errors';
import { showToast } from '../../ui/toast';
import { filesByPath } from '../files/fileStore';
import { count } from '../words';
import { freeName, refusalOf } from './checks';
import { askOnPage, resolveConflicts } from './conflicts';
import type { Picked, PickedFile } from './droppedFiles';
import { isActive } from './uploadQueue';
import { documentSettings, uploadQueue } from './uploads';

/** One lot after the other, so that never two questions are asked at once. */
let before: Promise<void> = Promise.resolve();

export function addFiles(collectionId: string, picked: Picked): Promise<void> {
  before = before.then(() => add(collectionId, picked)).catch((error: unknown) => {
    if (!isAbort(error)) showToast(messageOf(error));
  });
  return before;
}

async function add(collectionId: string, { files, skipped, unreadable }: Picked): Promise<void> {
  tellWhatIsLeftOut(files, skipped, unreadable);
  const settings = await documentSettings();
  const wanted = withOwnNames(files).filter(({ file, name }) => {
    const reason = refusalOf(file, settings);
    if (reason) uploadQueue.refuse({ collectionId, file, name, replaces: null }, reason);
    return !reason;
  });
  if (wanted.length === 0) return;

  const existing = await filesByPath(collectionId);
  const underWay = new Set(uploadQueue.uploads.get().filter((upload) => upload.collectionId === collectionId && isActive(upload)).map(({ name }) => name));
  const fresh = wanted.filter(({ name }) => !underWay.has(name));
  if (fresh.length < wanted.length) showToast(`${count(wanted.length - fresh.length, 'file')} of the same name are being uploaded already.`);

  // Nobody waits for an answer but those whose name is taken.
  uploadQueue.add(fresh.filter(({ name }) => !existing.has(name)).map((file) => ({ ...file, collectionId, replaces: null })));
  uploadQueue.add(await resolveConflicts(collectionId, fresh.filter(({ name }) => existing.has(name)), existing, askOnPage));
}

function tellWhatIsLeftOut(files: PickedFile[], skipped: number, unreadable: string[]): void {
  if (unreadable.length > 0) showToast(`The browser could not read ${unreadable.length === 1 ? unreadable[0] : count(unreadable.length, 'file')}.`);
  else if (files.length === 0) showToast(skipped > 0 ? 'There are only hidden files in this folder.' : 'There are no files in this folder.');
  else if (skipped > 0) showToast(`${count(skipped, 'hidden file')} left out.`);
}

/** Files of different folders may have the same name. */
function withOwnNames(files: PickedFile[]): PickedFile[] {
  const taken = new Set<string>();
  return files.map(({ file, name }) => {
    const own = taken.has(name) ? freeName(name, (candidate) => taken.has(candidate)) : name;
    taken.add(own);
    return { file, name: own };
  });
}
