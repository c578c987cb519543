import { modelsApi } from '../api/endpoints';
import { messageOf } from '../api/errors';
import type { Model } from '../api/wire';
import { onSignOut } from '../session/sessionStore';
import { storage } from '../ui/storage';
import { createStore } from '../ui/store';
import { isChatModel, preferredModel } from './catalogue';

export interface ModelState {
  models: Model[];
  selected: string | null;
  status: 'loading' | 'ready' | 'error';
  error: string | null;
}

const storageKey = 'aiplatform.model';
const empty: ModelState = { models: [], selected: null, status: 'loading', error: null };
export const modelStore = createStore<ModelState>(empty);
onSignOut(() => modelStore.set(empty));

let loading: Promise<void> = Promise.resolve();

export function loadModels(): Promise<void> {
  loading = load();
  return loading;
}

async function load(): Promise<void> {
  modelStore.set((current) => ({ ...current, status: 'loading', error: null }));
  try {
    const models = (await modelsApi.list()).data.filter(isChatModel);
    modelStore.set({ models, selected: preferredModel(models, storage.read(storageKey)), status: 'ready', error: null });
  } catch (error) {
    modelStore.set((current) => ({ ...current, status: 'error', error: messageOf(error) }));
  }
}

/** The chosen model, once the models are known; null when there is none. */
export async function chosenModel(): Promise<string | null> {
  await loading;
  return modelStore.get().selected;
}

export function selectModel(id: string): void {
  storage.write(storageKey, id);
  modelStore.set((current) => ({ ...current, selected: id }));
}
