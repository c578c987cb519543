import { Notice } from '../ui/Notice';
import { RetryButton } from './RetryButton';
import type { Run } from './runStore';
import { messageText } from './itemText';
import { truncationNote } from './truncationNote';

interface RunStatusProps {
  conversationId: string;
  run: Run;
  model: string | null;
}

const interrupted = 'The connection was interrupted. The answer goes on being written, and is shown here when it is finished.';
const resumed = 'This answer is still being written. It is shown here when it is finished.';

/** What happens at the end of the transcript while an answer is awaited, or after it failed. */
export function RunStatus({ conversationId, run, model }: RunStatusProps) {
  if (run.phase === 'failed') {
    return (
      <Notice kind="error" testId="run-error" actions={<RetryButton conversationId={conversationId} model={model} />}>
        {run.error}
      </Notice>
    );
  }
  const last = run.answer.items.at(-1);
  const hasText = last?.type === 'message' && messageText(last) !== '';
  const truncated = truncationNote(run.answer.truncatedTurns);
  return (
    <div className="run-status">
      {truncated && <p className="answer-note">{truncated}</p>}
      {run.polling && <p className="muted small">{run.question ? interrupted : resumed}</p>}
      {run.stopping ? <p className="muted small">Stopping…</p> : !hasText && <TypingDots />}
    </div>
  );
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
