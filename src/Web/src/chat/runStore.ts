import type { MessageItem } from '../api/wire';
import { createStore } from '../ui/store';
import { noAnswer, type Answer } from './fold';

/** A question on its way to an answer. It goes on while another page is shown. */
export interface Run {
  phase: 'running' | 'failed';
  /** The message sent; null when the page was reloaded meanwhile and the message is in the transcript already. */
  question: MessageItem | null;
  answer: Answer;
  error: string | null;
  stopping: boolean;
  /** The stream broke; the server goes on writing, and is asked for the result every second. */
  polling: boolean;
}

export const runStore = createStore<Record<string, Run>>({});

export const newRun = (question: MessageItem | null): Run => ({
  phase: 'running',
  question,
  answer: noAnswer,
  error: null,
  stopping: false,
  polling: false,
});

export function setRun(conversationId: string, run: Run): void {
  runStore.set((all) => ({ ...all, [conversationId]: run }));
}

export function changeRun(conversationId: string, update: (run: Run) => Partial<Run>): void {
  runStore.set((all) => {
    const run = all[conversationId];
    return run ? { ...all, [conversationId]: { ...run, ...update(run) } } : all;
  });
}

export function dropRun(conversationId: string): void {
  runStore.set(({ [conversationId]: _dropped, ...others }) => others);
}
