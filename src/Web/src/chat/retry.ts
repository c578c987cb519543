import { conversationsApi } from '../api/endpoints';
import { messageOf } from '../api/errors';
import { isTerminal, type MessageItem } from '../api/wire';
import { showToast } from '../ui/toast';
import { isFromUser, messageText } from './itemText';
import { ask, isLost, reconnect, resume } from './runs';
import { changeRun, dropRun, runStore, type Run } from './runStore';
import { removeItem, transcriptOf, updateTranscript } from './transcriptStore';

/** Asks the last question again, unless its answer may still come. It is stored without an answer, and must not be there twice afterwards. */
export async function retry(conversationId: string, model: string): Promise<void> {
  const run = runStore.get()[conversationId];
  const last = transcriptOf(conversationId).items.at(-1);
  try {
    if (run && isLost(run)) await reconnect(conversationId, run);
    else if (run?.phase === 'failed' && run.question) await askAgain(conversationId, run, run.question, model);
    else if (run?.phase !== 'running' && isFromUser(last)) await askStored(conversationId, model);
  } catch (error) {
    changeRun(conversationId, () => ({ error: messageOf(error) }));
    if (!run) showToast(messageOf(error));
  }
}

/** The answer failed while this page watched it. */
async function askAgain(conversationId: string, failed: Run, question: MessageItem, model: string): Promise<void> {
  const text = messageText(question);
  const isStored = failed.answer.responseId === null && (await hasArrived(conversationId, text));
  if (failed.answer.responseId) await removeUnanswered(conversationId, text);
  dropRun(conversationId);
  await (isStored ? askStored(conversationId, model) : ask(conversationId, text, model));
}

/** Whether the server has taken a question of which nothing was heard: then the latest response is one that this page does not know. */
async function hasArrived(conversationId: string, text: string): Promise<boolean> {
  const known = transcriptOf(conversationId).outcome?.id;
  await updateTranscript(conversationId);
  const { items, outcome } = transcriptOf(conversationId);
  const latest = items.findLast(isFromUser);
  return outcome?.id !== known && latest !== undefined && messageText(latest) === text;
}

async function removeUnanswered(conversationId: string, text: string): Promise<void> {
  const last = (await conversationsApi.items(conversationId, { limit: 1, order: 'desc' })).data[0];
  if (isFromUser(last) && messageText(last) === text) await conversationsApi.removeItem(conversationId, last.id);
}

/** The server has the question, unanswered when this page last looked. It may have been asked again in another tab or on another device since. */
async function askStored(conversationId: string, model: string): Promise<void> {
  await updateTranscript(conversationId);
  const { items, outcome } = transcriptOf(conversationId);
  const question = items.at(-1);
  const isBeingAnswered = outcome !== null && !isTerminal(outcome.status);
  if (!isBeingAnswered && isFromUser(question)) await conversationsApi.removeItem(conversationId, question.id);
  dropRun(conversationId);
  if (isBeingAnswered) return resume(conversationId);
  if (!isFromUser(question)) return;
  removeItem(conversationId, question.id);
  await ask(conversationId, messageText(question), model);
}
