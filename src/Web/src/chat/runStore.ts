import type { MessageItem } from '../api/wire';
import { createStore } from '../ui/store';
import { noAnswer, type Answer } from './fold';

/** A question on its way to an answer. It goes on while another page is shown. */
export interface Run {
  /** Blocked: the question was refused, because another one is being answered in the conversation. */
  phase: 'running' | 'failed' | 'blocked';
  /** The message sent; null when it is in the transcript already: the page was reloaded, or it was sent in another tab. */
  question: MessageItem | null;
  answer: Answer;
  error: string | null;
  stopping: boolean;
  /** The connection broke; the server goes on writing meanwhile. */
  reconnecting: boolean;
}

export const runStore = createStore<Record<string, Run>>({});

export const newRun = (question: MessageItem | null, answer: Answer = noAnswer): Run => ({
  phase: 'running',
  question,
  answer,
  error: null,
  stopping: false,
  reconnecting: false,
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
