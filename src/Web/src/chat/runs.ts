import { responsesApi } from '../api/endpoints';
import { ApiError, isAbort, messageOf } from '../api/errors';
import { streamResponse } from '../api/responseStream';
import { isTerminal, type MessageItem, type ModelResponse, type StreamEvent } from '../api/wire';
import { refreshConversations } from '../conversations/conversationStore';
import { onSignOut } from '../session/sessionStore';
import { showToast } from '../ui/toast';
import { foldEvents, foldResponse, isFinished, shortfall, type Answer } from './fold';
import { FrameBatch } from './frameBatch';
import { pollResponse } from './pollResponse';
import { changeRun, dropRun, newRun, runStore, setRun } from './runStore';
import { appendItems, noteOutcome, transcriptOf } from './transcriptStore';
import { truncationNote } from './truncationNote';

/** How long the stream may take to end by itself after a cancel was accepted. */
const cancelGraceMs = 3000;

const connections = new Map<string, AbortController>();
onSignOut(() => {
  for (const connection of connections.values()) connection.abort();
  connections.clear();
  runStore.set({});
});

const answerOf = (conversationId: string): Answer | undefined => runStore.get()[conversationId]?.answer;
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
  await follow(conversationId, async (signal) => {
    const batch = new FrameBatch<StreamEvent>((events) => receive(conversationId, events));
    try {
      for await (const events of streamResponse({ model, input: text, conversation: conversationId }, signal)) batch.push(events);
    } finally {
      batch.flush();
    }
  });
}

/** Waits for an answer that the server writes, but was not asked for by this page: before a reload, or in another tab. */
export async function resume(conversationId: string): Promise<void> {
  const { outcome } = transcriptOf(conversationId);
  if (!outcome || isTerminal(outcome.status) || runStore.get()[conversationId]) return;
  setRun(conversationId, { ...newRun(null), polling: true });
  changeRun(conversationId, ({ answer }) => ({ answer: { ...answer, responseId: outcome.id } }));
  await follow(conversationId, async () => {});
}

export async function stop(conversationId: string): Promise<void> {
  const run = runStore.get()[conversationId];
  if (run?.phase !== 'running' || run.stopping) return;
  changeRun(conversationId, () => ({ stopping: true }));
  if (run.answer.responseId) await cancel(conversationId, run.answer.responseId);
}

async function follow(conversationId: string, stream: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const connection = new AbortController();
  connections.set(conversationId, connection);
  try {
    await unlessRefused(stream(connection.signal));
    const answer = answerOf(conversationId);
    if (answer && !isFinished(answer)) await poll(conversationId, answer.responseId, connection.signal);
    settle(conversationId);
  } catch (error) {
    if (isAbort(error)) return;
    fail(conversationId, messageOf(error), error);
  } finally {
    if (connections.get(conversationId) === connection) connections.delete(conversationId);
  }

  /** A broken stream is no failed answer: it is polled instead, once the server has said which one it is. */
  async function unlessRefused(streaming: Promise<void>): Promise<void> {
    try {
      await streaming;
    } catch (error) {
      if (error instanceof ApiError || isAbort(error) || !answerOf(conversationId)?.responseId) throw error;
    }
  }
}

async function poll(conversationId: string, responseId: string | null, signal: AbortSignal): Promise<void> {
  if (!responseId) throw new Error('the server ended the stream before it began. Try again.');
  changeRun(conversationId, () => ({ polling: true }));
  await pollResponse(responseId, (response) => takeOver(conversationId, response), signal);
}

const takeOver = (conversationId: string, response: ModelResponse): void =>
  changeRun(conversationId, ({ answer }) => ({ answer: foldResponse(answer, response) }));

function receive(conversationId: string, events: StreamEvent[]): void {
  const wasKnown = answerOf(conversationId)?.responseId;
  changeRun(conversationId, ({ answer }) => ({ answer: foldEvents(answer, events) }));
  const run = runStore.get()[conversationId];
  const responseId = run?.answer.responseId;
  if (!run || !responseId || wasKnown || isFinished(run.answer)) return;
  void refreshConversations(); // It is the latest now, and has got its title.
  if (run.stopping) void cancel(conversationId, responseId);
}

async function cancel(conversationId: string, responseId: string): Promise<void> {
  try {
    const response = await responsesApi.cancel(responseId);
    await new Promise((resolve) => setTimeout(resolve, cancelGraceMs));
    if (answerOf(conversationId)?.responseId !== responseId) return;
    takeOver(conversationId, response);
    connections.get(conversationId)?.abort();
    settle(conversationId);
  } catch (error) {
    if (answerOf(conversationId)?.responseId !== responseId) return; // It ended by itself meanwhile.
    changeRun(conversationId, () => ({ stopping: false }));
    showToast(`The answer could not be stopped. ${messageOf(error)}`);
  }
}

/** Moves a finished run into the transcript; a failed one stays on the page with its error. */
function settle(conversationId: string): void {
  const run = runStore.get()[conversationId];
  if (run?.phase !== 'running') return;
  const { answer, question } = run;
  if (!isFinished(answer)) return fail(conversationId, 'The server stopped before the answer was finished.');
  if (answer.status === 'failed') return fail(conversationId, answer.error ?? 'The model failed to answer.');

  noteOutcome(conversationId, answer.responseId ? { id: answer.responseId, status: answer.status } : null);
  appendItems(conversationId, [...(question ? [question] : []), ...answer.items], notesOn(answer));
  dropRun(conversationId);
  void refreshConversations();
}

function notesOn(answer: Answer): Record<string, string[]> {
  const last = answer.items.at(-1);
  const notes = [truncationNote(answer.truncatedTurns), shortfall(answer)].filter((note) => note !== null);
  return last && notes.length > 0 ? { [last.id]: notes } : {};
}

function fail(conversationId: string, message: string, cause?: unknown): void {
  const locked = cause instanceof ApiError && cause.code === 'conversation_locked';
  const error = locked ? 'Another answer is still being written in this conversation. Wait until it is finished, then try again.' : message;
  changeRun(conversationId, () => ({ phase: 'failed', error, stopping: false, polling: false }));
}

/** A new message replaces a failed run; its question stays if the server has stored it. */
function keepUnansweredQuestion(conversationId: string): void {
  const previous = runStore.get()[conversationId];
  if (previous?.question && previous.answer.responseId) appendItems(conversationId, [previous.question]);
}

/** Stops following a conversation that is about to be gone. */
export function abandon(conversationId: string): void {
  connections.get(conversationId)?.abort();
  dropRun(conversationId);
}
