import { expect, it } from 'vitest';
import { isChatModel, isEmbeddingModel, preferredModel } from './catalogue';

const model = (id: string, owned_by: string) => ({ id, owned_by, created: 0 });

it('offers only models that can chat', () => {
  const names = ['gpt-5', 'text-embedding-3-small', 'whisper-1', 'tts-1', 'gpt-image-1', 'claude-sonnet-4-5', 'nomic-embed-text', 'offline'];
  expect(names.filter((name) => isChatModel(model(name, 'x')))).toEqual(['gpt-5', 'claude-sonnet-4-5', 'offline']);
});

it('knows models that embed by their names', () => {
  const names = ['gpt-5', 'text-embedding-3-small', 'whisper-1', 'offline-embedding', 'bge-m3', 'bge-reranker-v2', 'all-minilm', 'intfloat/e5-large', 'offline'];
  expect(names.filter((name) => isEmbeddingModel(model(name, 'x')))).toEqual(['text-embedding-3-small', 'offline-embedding', 'bge-m3', 'all-minilm', 'intfloat/e5-large']);
});

it('prefers the last choice, then a real model, then the offline one', () => {
  const models = [model('offline', 'offline'), model('gpt-5', 'openai'), model('gpt-5-mini', 'openai')];
  expect(preferredModel(models, 'gpt-5-mini')).toBe('gpt-5-mini');
  expect(preferredModel(models, 'gone')).toBe('gpt-5');
  expect(preferredModel(models.slice(0, 1), null)).toBe('offline');
  expect(preferredModel([], null)).toBeNull();
});
