import type { CollectionFile } from '../../api/documentWire';
import { count } from '../words';

/** More than so many at once are counted, not named. */
const mostNamed = 2;

/** What has come to its end between two states of the list. Small documents are ready before anyone has seen them in progress. */
export function endedBetween(before: CollectionFile[], after: CollectionFile[]): CollectionFile[] {
  const known = new Map(before.map(({ id, status }) => [id, status]));
  const newest = before[0]?.created_at ?? 0;
  return after.filter(({ id, status, created_at }) => {
    const previous = known.get(id);
    return status !== 'in_progress' && (previous === 'in_progress' || (previous === undefined && created_at >= newest));
  });
}

/** A sentence or two for those who do not see it; null when there is nothing to say. */
export function announcement(ended: CollectionFile[]): string | null {
  const ready = ended.filter(({ status }) => status === 'completed');
  const failed = ended.filter(({ status }) => status === 'failed');
  const sentences = [
    ...named(ready, ({ filename }) => `${filename} is ready.`, (number) => `${count(number, 'document')} are ready.`),
    ...named(failed, ({ filename, last_error }) => `${filename} failed: ${last_error?.message ?? 'no reason given.'}`, (number) => `${count(number, 'document')} failed.`),
  ];
  return sentences.length > 0 ? sentences.join(' ') : null;
}

const named = (files: CollectionFile[], one: (file: CollectionFile) => string, many: (number: number) => string): string[] =>
  files.length > mostNamed ? [many(files.length)] : files.map(one);
