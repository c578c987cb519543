import { useState } from 'react';
import { retry } from './retry';

export function RetryButton({ conversationId, model }: { conversationId: string; model: string | null }) {
  const [busy, setBusy] = useState(false);
  const again = async () => {
    if (!model) return;
    setBusy(true);
    await retry(conversationId, model);
    setBusy(false);
  };
  return (
    <button type="button" className="button button-small" onClick={again} disabled={busy || !model} data-testid="retry">
      Try again
    </button>
  );
}
