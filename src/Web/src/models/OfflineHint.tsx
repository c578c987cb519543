import { useState } from 'react';
import { Dialog } from '../ui/Dialog';
import { InfoIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { offlineProvider } from './catalogue';
import { modelStore } from './modelStore';
import './models.css';

/** Says plainly that the chosen model is the offline one, and how to get a real one. */
export function OfflineHint() {
  const { models, selected } = useStore(modelStore, (state) => state);
  const [explaining, setExplaining] = useState(false);
  if (models.find(({ id }) => id === selected)?.owned_by !== offlineProvider) return null;

  const onlyOffline = models.every((model) => model.owned_by === offlineProvider);
  return (
    <div className="offline-hint" role="note" data-testid="offline-hint">
      <InfoIcon size={15} />
      <span>
        {onlyOffline
          ? 'No model configured: answers come from the offline extractive model. '
          : 'Answers come from the offline extractive model. '}
        <button type="button" className="link-button" onClick={() => setExplaining(true)}>
          {onlyOffline ? 'How to configure one' : 'What is this?'}
        </button>
      </span>
      {explaining && <OfflineHelp onClose={() => setExplaining(false)} />}
    </div>
  );
}

const settings = [
  ['OPENAI_API_KEY', 'OpenAI; with OPENAI_BASE_URL any server that speaks its API'],
  ['ANTHROPIC_API_KEY', 'Anthropic'],
  ['OLLAMA_HOST', 'Ollama; one that runs on this machine is found by itself'],
] as const;

function OfflineHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Configure a model" onClose={onClose}>
      <p>
        The offline model needs no network and no key. It picks the sentences that best answer your question out of the
        text you give it, and cannot write anything of its own.
      </p>
      <p>To use a language model, set one of these where the server starts, then restart it:</p>
      <dl className="settings-list">
        {settings.map(([name, meaning]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="muted small">The section “Configuration” of the README lists every setting.</p>
      <div className="form-actions">
        <button type="button" className="button button-primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
