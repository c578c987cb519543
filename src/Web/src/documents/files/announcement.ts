import type { CollectionFile } from '../../api/documentWire';
import { count } from '../words';

/** More than so many at once are counted, not named. */
const mostNamed = 2;

/** What has come to its end between two states of the list, in a sentence or two for those who do not see it; null when there is nothing to say. */
export function announcement(before: CollectionFile[], after: CollectionFile[]): string | null {
  const pending = new Set(before.filter(({ status }) => status === 'in_progress').map(({ id }) => id));
  const ended = after.filter(({ id, status }) => pending.has(id) && status !== 'in_progress');
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
