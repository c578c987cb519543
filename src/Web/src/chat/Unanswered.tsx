import type { Outcome } from '../api/wire';
import { Notice } from '../ui/Notice';
import { RetryButton } from './RetryButton';

interface UnansweredProps {
  conversationId: string;
  model: string | null;
  outcome: Outcome | null;
}

/** The server has the question but no answer: it failed, or its first words never came. */
export function Unanswered({ conversationId, model, outcome }: UnansweredProps) {
  const failure = outcome?.status === 'failed' ? outcome.error?.message : null;
  return (
    <Notice kind={failure ? 'error' : 'info'} testId="unanswered" actions={<RetryButton conversationId={conversationId} model={model} />}>
      {failure ?? (outcome?.status === 'cancelled' ? 'You stopped this answer before it began.' : 'There is no answer to this message.')}
    </Notice>
  );
}
