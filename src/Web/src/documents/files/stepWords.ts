import type { CollectionFile, IngestionStep } from '../../api/documentWire';

const words: Record<IngestionStep, string> = {
  extract: 'Reading text',
  chunk: 'Cutting into passages',
  embed: 'Computing vectors',
  index: 'Indexing',
  switch: 'Finishing',
};

/** What is going on with a document that is not ready yet. */
export function stepInWords(file: CollectionFile, nowMs: number): string {
  if (file.next_retry_at != null) return retryInWords(file, file.next_retry_at, nowMs);
  if (!file.step || (file.step === 'extract' && file.attempts === 0)) return 'Waiting for its turn';
  return words[file.step];
}

function retryInWords({ step, attempts }: CollectionFile, at: number, nowMs: number): string {
  const seconds = Math.max(Math.ceil(at - nowMs / 1000), 0);
  const what = step ? `${words[step]} did not work` : 'That did not work';
  const tried = attempts > 1 ? ` (tried ${attempts} times)` : '';
  return `${what}${tried}. ${seconds === 0 ? 'Trying again now' : `Trying again in ${timeInWords(seconds)}`}`;
}

function timeInWords(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
