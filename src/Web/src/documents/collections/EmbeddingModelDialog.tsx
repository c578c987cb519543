import { useEffect, useState, type FormEvent } from 'react';
import type { Collection } from '../../api/documentWire';
import { modelsApi } from '../../api/endpoints';
import { messageOf } from '../../api/errors';
import { isEmbeddingModel } from '../../models/catalogue';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Notice';
import { ProgressBar } from '../ProgressBar';
import { count } from '../words';
import { cancelModelChange, changeModel, nameOf, refreshCollection } from './collectionStore';

const refreshMs = 2000;

interface EmbeddingModelDialogProps {
  collection: Collection;
  onClose: () => void;
}

/** By which model a collection is searched, and its change to another. */
export function EmbeddingModelDialog({ collection, onClose }: EmbeddingModelDialogProps) {
  const { id, embedding_model: model, dimensions, reembedding: change } = collection;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const isChanging = change?.status === 'in_progress';

  useEffect(() => {
    // What fails is asked for again; without an answer the dialog shows what it knows.
    const refresh = () => void refreshCollection(id).catch(() => {});
    refresh();
    if (!isChanging) return undefined;
    const timer = setInterval(refresh, refreshMs);
    return () => clearInterval(timer);
  }, [id, isChanging]);

  const run = async (action: Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await action;
    } catch (failure) {
      setError(messageOf(failure));
    }
    setBusy(false);
  };

  return (
    <Dialog title="Embedding model" onClose={onClose}>
      <p data-testid="current-model">
        “{nameOf(collection)}” is searched by vectors of <strong>{model}</strong>
        {dimensions && ` (${count(dimensions, 'dimension')})`}, and by its words.
      </p>
      {isChanging
        ? <Progress collection={collection} busy={busy} onCancel={() => void run(cancelModelChange(id))} onClose={onClose} error={error} />
        : <Choice collection={collection} busy={busy} run={run} onClose={onClose} error={error} />}
    </Dialog>
  );
}

interface PartProps extends EmbeddingModelDialogProps {
  busy: boolean;
  error: string | null;
}

function Progress({ collection, busy, onCancel, onClose, error }: PartProps & { onCancel: () => void }) {
  const change = collection.reembedding!;
  const { completed, total } = change;
  return (
    <>
      <div role="status" data-testid="model-change">
        <p>
          Changing to <strong>{change.embedding_model}</strong>{total > 0 && `: ${completed.toLocaleString('en')} of ${count(total, 'passage')}`}
        </p>
        <ProgressBar value={total > 0 ? completed / total : 0} label={`Change to ${change.embedding_model}`} />
      </div>
      <p className="muted small">Searches go on as before until all passages have their new vectors. You can close this.</p>
      {change.last_error && <Notice kind="info">It is tried again, because this happened: {change.last_error}</Notice>}
      {error && <Notice kind="error">{error}</Notice>}
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>Close</button>
        <button type="button" className="button button-danger" disabled={busy} onClick={onCancel} data-testid="cancel-model-change">Cancel the change</button>
      </div>
    </>
  );
}

function Choice({ collection, busy, run, onClose, error }: PartProps & { run: (action: Promise<unknown>) => Promise<void> }) {
  const { id, embedding_model: model, previous_embedding_model: previous, reembedding: change, file_counts } = collection;
  const [others, setOthers] = useState<string[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [chosen, setChosen] = useState('');
  const choice = others?.includes(chosen) ? chosen : (others?.[0] ?? '');

  useEffect(() => {
    modelsApi.list().then(
      ({ data }) => {
        const names = data.filter(isEmbeddingModel).map((known) => known.id).filter((name) => name !== model);
        setOthers(names.toSorted((a, b) => Number(b === previous) - Number(a === previous)));
      },
      (reason: unknown) => setFailure(messageOf(reason)),
    );
  }, [model, previous]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(changeModel(id, choice));
  };

  return (
    <form className="form" onSubmit={submit}>
      {change?.status === 'failed' && <Notice kind="error" testId="model-change-failed">The change to {change.embedding_model} failed: {change.last_error}</Notice>}
      {others && others.length > 0 && (
        <>
          <div className="field">
            <label htmlFor="new-embedding-model">Change to</label>
            <select id="new-embedding-model" className="select" value={choice} onChange={(event) => setChosen(event.target.value)} data-testid="new-model">
              {others.map((name) => <option key={name} value={name}>{name}{name === previous && ' (the one before)'}</option>)}
            </select>
          </div>
          {file_counts.total > 0 && (
            <p className="muted small">
              {choice === previous
                ? 'Its vectors are still there: only what was added since is embedded.'
                : `${count(file_counts.total, 'document')} will be embedded again, by calls of that model. Searches go on as before until all are; then you can still go back for a while.`}
            </p>
          )}
        </>
      )}
      {others?.length === 0 && <p className="muted small" data-testid="no-other-model">This server has no other embedding model. Whoever runs it can add a provider that has one.</p>}
      {(failure ?? error) && <Notice kind="error">{failure ?? error}</Notice>}
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>Close</button>
        {choice !== '' && <button type="submit" className="button button-primary" disabled={busy} data-testid="change-model">Change</button>}
      </div>
    </form>
  );
}
