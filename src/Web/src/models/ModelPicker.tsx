import { ChevronIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { groupByProvider } from './catalogue';
import { loadModels, modelStore, selectModel } from './modelStore';
import './models.css';

export function ModelPicker() {
  const { models, selected, status, error } = useStore(modelStore, (state) => state);

  if (status === 'error') {
    return (
      <button type="button" className="button button-small" onClick={loadModels} title={error ?? undefined} data-testid="retry-models">
        Models could not be loaded. Try again
      </button>
    );
  }
  if (status === 'ready' && models.length === 0) return <span className="muted small">No model is available</span>;
  return (
    <label className="model-picker">
      <span className="visually-hidden">Model</span>
      <select value={selected ?? ''} onChange={(event) => selectModel(event.target.value)} disabled={models.length === 0} data-testid="model-picker">
        {models.length === 0 && <option value="">Loading models…</option>}
        {groupByProvider(models).map((group) => (
          <optgroup key={group.provider} label={group.provider}>
            {group.models.map((model) => (
              <option key={model.id} value={model.id}>
                {model.id}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <ChevronIcon size={16} />
    </label>
  );
}
