import type { Model } from '../api/wire';

export const offlineProvider = 'offline';

/** `/v1/models` lists every kind of model and has no field for the kind: the names of those that cannot chat are well known. */
const otherKinds = /embed|whisper|transcribe|\btts\b|dall-e|moderation|rerank|realtime|image|sora|\baudio\b|babbage|davinci|bge-|minilm/i;

export const isChatModel = (model: Model): boolean => !otherKinds.test(model.id);

const embeddingKinds = /embed|bge-|minilm|\bgte-|\be5-/i;

/** One that may be able to embed: the server refuses those that cannot. */
export const isEmbeddingModel = (model: Model): boolean => embeddingKinds.test(model.id) && !/rerank/i.test(model.id);

/** The last choice if it still exists, else the first real model, else the offline one. */
export function preferredModel(models: Model[], lastChoice: string | null): string | null {
  const choice = models.find(({ id }) => id === lastChoice) ?? models.find((model) => model.owned_by !== offlineProvider) ?? models[0];
  return choice?.id ?? null;
}

export interface ProviderGroup {
  provider: string;
  models: Model[];
}

export function groupByProvider(models: Model[]): ProviderGroup[] {
  const groups = new Map<string, Model[]>();
  for (const model of models) groups.set(model.owned_by, [...(groups.get(model.owned_by) ?? []), model]);
  return [...groups].map(([provider, members]) => ({ provider, models: members }));
}
