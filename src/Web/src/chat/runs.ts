import { persistently, pause } from '../api/backoff';
import { responsesApi } from '../api/endpoints';
import { ApiError, messageOf } from '../api/errors';
import { followResponse } from '../api/followResponse';
import type { CreateResponse } from '../api/responseStream';
import { isTerminal, type MessageItem, type Outcome, type StreamEvent } from '../api/wire';
import { refreshConversations } from '../conversations/conversationStore';
import { onSignOut } from '../session/sessionStore';
import { showToast } from '../ui/toast';
import { forgetChoice, searchFor } from './documents/choices';
import { returnToDraft } from './drafts';
import { foldEvents, foldResponse, isFinished, noAnswer, shortfall, type Answer } from './fold';
import { FrameBatch } from './frameBatch';
import { messageText } from './itemText';
import { changeRun, dropRun, newRun, runStore, setRun, type Run } from './runStore';
import { appendItems, loadTranscript, noteOutcome, transcriptOf } from './transcriptStore';
import { truncationNote } from './truncationNote';

/** How long the stream may take to end by itself after a cancel was accepted. */
const cancelGraceMs = 3000;
const gone = 'This answer is not on the server any more. It may have been deleted.';

const connections = new Map<string, AbortController>();
onSignOut(() => {
  for (const connection of connections.values()) connection.abort();
  connections.clear();
  runStore.set({});
});

const runOf = (conversationId: string): Run | undefined => runStore.get()[conversationId];
let questions = 0;

/** Sends a message and follows the answer to its end. Never throws: what goes wrong is part of the run. */
export async function ask(conversationId: string, text: string, model: string): Promise<void> {
  keepUnansweredQuestion(conversationId);
  const question: MessageItem = {
    type: 'message',
    id: `question_${++questions}`,
    role: 'user',
    content: [{ type: 'input_text', text }],
  };
  setRun(conversationId, newRun(question));
  await follow(conversationId, { model, input: text, conversation: conversationId, ...searchFor(conversationId) });
}

/** Loads a conversation, and follows the answer that is being written in it: since before a reload, or for another tab or device. */
export async function openConversation(conversationId: string, load = loadTranscript): Promise<void> {
  // A conversation that was just begun here, or is being answered, is on the page already.
  if (runOf(conversationId)) return;
  await load(conversationId);
  await resume(conversationId);
}

export async function resume(conversationId: string): Promise<void> {
  const { outcome } = transcriptOf(conversationId);
  if (!outcome || isTerminal(outcome.status) || runOf(conversationId)) return;
  setRun(conversationId, newRun(null, foldResponse(noAnswer, { ...outcome, output: [] })));
  await follow(conversationId, outcome.id);
}

/** Whether an answer was given up that the server may still be writing. */
export const isLost = (run: Run): boolean => run.phase === 'failed' && run.answer.responseId !== null && !isFinished(run.answer);

/** Follows a lost answer again, from its beginning. */
export async function reconnect(conversationId: string, { question, answer: { responseId, status } }: Run): Promise<void> {
  setRun(conversationId, newRun(question, { ...noAnswer, responseId, status }));
  await follow(conversationId, responseId!);
}

/** Instead of a question that was refused shows what is being written. */
export async function followOther(conversationId: string): Promise<void> {
  dropRun(conversationId);
  await openConversation(conversationId);
}

export async function stop(conversationId: string): Promise<void> {
  const run = runOf(conversationId);
  if (run?.phase !== 'running' || run.stopping) return;
  changeRun(conversationId, () => ({ stopping: true }));
  if (run.answer.responseId) await cancel(conversationId, run.answer.responseId);
}

/** Stops following a conversation that is about to be gone. */
export function abandon(conversationId: string): void {
  connections.get(conversationId)?.abort();
  dropRun(conversationId);
}

async function follow(conversationId: string, source: CreateResponse | string): Promise<void> {
  const connection = new AbortController();
  connections.set(conversationId, connection);
  const batch = new FrameBatch<StreamEvent>((events) => {
    if (!connection.signal.aborted) receive(conversationId, events);
  });
  const reader = {
    onEvents: (events: StreamEvent[]) => batch.push(events),
    onReconnecting: (reconnecting: boolean) => changeRun(conversationId, () => ({ reconnecting })),
  };
  try {
    await followResponse(source, reader, connection.signal).finally(() => batch.flush());
    settle(conversationId);
  } catch (error) {
    if (!connection.signal.aborted) fail(conversationId, error);
  } finally {
    connection.abort(); // Whoever still waits to stop this answer need not.
    if (connections.get(conversationId) === connection) connections.delete(conversationId);
  }
}

function receive(conversationId: string, events: StreamEvent[]): void {
  const wasKnown = runOf(conversationId)?.answer.responseId;
  changeRun(conversationId, ({ answer }) => ({ answer: foldEvents(answer, events) }));
  const run = runOf(conversationId);
  const responseId = run?.answer.responseId;
  if (!run || !responseId || wasKnown) return;
  noteOutcome(conversationId, outcomeOf(responseId, run.answer));
  forgetChoice(conversationId);
  if (isFinished(run.answer)) return;
  void refreshConversations(); // It is the latest now, and has got its title.
  if (run.stopping) void cancel(conversationId, responseId);
}

async function cancel(conversationId: string, responseId: string): Promise<void> {
  const connection = connections.get(conversationId);
  if (!connection) return;
  try {
    const response = await persistently(() => responsesApi.cancel(responseId), connection.signal);
    if (!isTerminal(response.status)) return;
    await pause(cancelGraceMs, connection.signal);
    changeRun(conversationId, ({ answer }) => ({ answer: foldResponse(answer, response) }));
    settle(conversationId);
    connection.abort();
  } catch (error) {
    if (connection.signal.aborted) return; // It ended by itself meanwhile.
    changeRun(conversationId, () => ({ stopping: false }));
    showToast(`The answer could not be stopped. ${messageOf(error)}`);
  }
}

/** Moves a finished run into the transcript; a failed one stays on the page with its error. */
function settle(conversationId: string): void {
  const run = runOf(conversationId);
  if (run?.phase !== 'running') return;
  const { answer, question } = run;
  if (answer.responseId) noteOutcome(conversationId, outcomeOf(answer.responseId, answer));
  if (answer.status === 'failed') return end(conversationId, { phase: 'failed', error: answer.error });

  appendItems(conversationId, [...(question ? [question] : []), ...answer.items], notesOn(answer));
  dropRun(conversationId);
  void refreshConversations();
}

const outcomeOf = (id: string, { status, tools }: Answer): Outcome => ({ id, status, tools });

function notesOn(answer: Answer): Record<string, string[]> {
  const last = answer.items.at(-1);
  const notes = [truncationNote(answer.truncatedTurns), shortfall(answer)].filter((note) => note !== null);
  return last && notes.length > 0 ? { [last.id]: notes } : {};
}

function fail(conversationId: string, error: unknown): void {
  const run = runOf(conversationId);
  if (!run) return;
  const { question, answer } = run;
  if (error instanceof ApiError && error.code === 'conversation_locked') {
    if (question) returnToDraft(conversationId, messageText(question));
    end(conversationId, { phase: 'blocked', question: null });
  } else if (error instanceof ApiError && error.status === 404 && answer.responseId) {
    end(conversationId, { phase: 'failed', error: gone, answer: { ...answer, status: 'failed' } });
  } else end(conversationId, { phase: 'failed', error: messageOf(error) });
}

const end = (conversationId: string, how: Partial<Run>): void =>
  changeRun(conversationId, () => ({ ...how, stopping: false, reconnecting: false }));

/** A new message replaces a failed run; its question stays if the server has stored it. */
function keepUnansweredQuestion(conversationId: string): void {
  const previous = runOf(conversationId);
  if (previous?.question && previous.answer.responseId) appendItems(conversationId, [previous.question]);
}
