import { Notice } from '../ui/Notice';
import { RetryButton } from './RetryButton';

/** The server has the question but no answer: it failed, or is being written for another page right now. */
export function Unanswered({ conversationId, model }: { conversationId: string; model: string | null }) {
  return (
    <Notice kind="info" testId="unanswered" actions={<RetryButton conversationId={conversationId} model={model} />}>
      There is no answer to this message.
    </Notice>
  );
}
