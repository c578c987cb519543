import type { Item } from '../api/wire';
import { Notice } from '../ui/Notice';
import { RetryButton } from './RetryButton';
import { followOther } from './runs';
import type { Run } from './runStore';
import { messageText } from './itemText';
import { truncationNote } from './truncationNote';

interface RunStatusProps {
  conversationId: string;
  run: Run;
  model: string | null;
}

/** What happens at the end of the transcript while an answer is awaited, or after it failed. */
export function RunStatus({ conversationId, run, model }: RunStatusProps) {
  if (run.phase === 'failed') {
    return (
      <Notice kind="error" testId="run-error" actions={<RetryButton conversationId={conversationId} model={model} />}>
        {run.error}
      </Notice>
    );
  }
  if (run.phase === 'blocked') {
    return (
      <Notice kind="info" testId="run-blocked"
        actions={<button type="button" className="button button-small" onClick={() => void followOther(conversationId)} data-testid="follow-other">Show that answer</button>}>
        Another answer is being written in this conversation. Your message was not sent: it is back in the box below.
      </Notice>
    );
  }
  const last = run.answer.items.at(-1);
  const showsProgress = last?.type === 'message' ? messageText(last) !== '' : isSearching(last);
  const progress = progressOf(run);
  const truncated = truncationNote(run.answer.truncatedTurns);
  return (
    <div className="run-status">
      {truncated && <p className="answer-note">{truncated}</p>}
      {progress && <p className={run.reconnecting ? 'muted small reconnecting' : 'muted small'} role="status" data-testid="run-progress">{progress}</p>}
      {!run.stopping && !showsProgress && <TypingDots />}
    </div>
  );
}

const isSearching = (item: Item | undefined): boolean => item?.type === 'file_search_call' && (item.status === 'in_progress' || item.status === 'searching');

function progressOf({ stopping, reconnecting, answer }: Run): string | null {
  if (stopping) return reconnecting ? 'Stopping as soon as the server can be reached…' : 'Stopping…';
  if (reconnecting) return 'Reconnecting…';
  return answer.responseId && answer.status === 'queued' ? 'Waiting for a free slot…' : null;
}

function TypingDots() {
  return (
    <div className="typing" role="img" aria-label="Waiting for the answer" data-testid="waiting">
      <span />
      <span />
      <span />
    </div>
  );
}
