import type { CollectionFile } from '../../api/documentWire';
import { createStore } from '../../ui/store';
import { freeName } from './checks';
import type { PickedFile } from './droppedFiles';
import type { NewUpload } from './uploadQueue';

export type ConflictChoice = 'replace' | 'keep-both' | 'skip';

/** A file whose name the collection has already: somebody has to say what is meant. */
export interface Conflict {
  name: string;
  /** How many more there are of the kind. */
  others: number;
  answer: (choice: ConflictChoice, forAll: boolean) => void;
}

/** The question that is being asked. */
export const conflictStore = createStore<Conflict | null>(null);

interface Answer {
  choice: ConflictChoice;
  forAll: boolean;
}
type Ask = (name: string, others: number) => Promise<Answer>;

export const askOnPage: Ask = (name, others) =>
  new Promise((resolve) => {
    conflictStore.set({
      name,
      others,
      answer: (choice, forAll) => {
        conflictStore.set(null);
        resolve({ choice, forAll });
      },
    });
  });

/** Asks about each until one answer is for all that remain, and returns what is to be uploaded. */
export async function resolveConflicts(collectionId: string, files: PickedFile[], existing: Map<string, CollectionFile>, ask: Ask): Promise<NewUpload[]> {
  const uploads: NewUpload[] = [];
  const taken = new Set([...existing.keys(), ...files.map(({ name }) => name)]);
  let standing: Answer | null = null;
  for (const [index, { file, name }] of files.entries()) {
    const answer: Answer = standing ?? (await ask(name, files.length - index - 1));
    const { choice } = answer;
    if (answer.forAll) standing = answer;
    if (choice === 'replace') uploads.push({ collectionId, file, name, replaces: existing.get(name)?.id ?? null });
    if (choice === 'keep-both') {
      const free = freeName(name, (candidate) => taken.has(candidate));
      taken.add(free);
      uploads.push({ collectionId, file, name: free, replaces: null });
    }
  }
  return uploads;
}
