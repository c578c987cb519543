import type { Collection, CollectionFile, DocumentSettings, DocumentText, SearchRequest, SearchResults } from './documentWire';
import { requestJson } from './http';
import { query } from './query';
import type { ListPage } from './wire';

const id = encodeURIComponent;
const collection = (collectionId: string): string => `/v1/vector_stores/${id(collectionId)}`;
const file = (collectionId: string, fileId: string): string => `${collection(collectionId)}/files/${id(fileId)}`;

export interface AttachOptions {
  /** The file whose place it takes, once it is ready. */
  replaces: string | null;
  attributes: Record<string, string>;
}

export const collectionsApi = {
  list: (page: { limit: number; after?: string | undefined }) => requestJson<ListPage<Collection>>(`/v1/vector_stores${query(page)}`),
  get: (collectionId: string, signal: AbortSignal) => requestJson<Collection>(collection(collectionId), { signal }),
  create: (name: string) => requestJson<Collection>('/v1/vector_stores', { method: 'POST', body: { name } }),
  rename: (collectionId: string, name: string) => requestJson<Collection>(collection(collectionId), { method: 'POST', body: { name } }),
  changeModel: (collectionId: string, model: string) =>
    requestJson<Collection>(collection(collectionId), { method: 'POST', body: { embedding_model: model } }),
  cancelModelChange: (collectionId: string) => requestJson<Collection>(`${collection(collectionId)}/reembedding/cancel`, { method: 'POST' }),
  remove: (collectionId: string) => requestJson<unknown>(collection(collectionId), { method: 'DELETE' }),
  search: (collectionId: string, request: SearchRequest, signal: AbortSignal) =>
    requestJson<SearchResults>(`${collection(collectionId)}/search`, { method: 'POST', body: request, signal }),
};

export const collectionFilesApi = {
  list: (collectionId: string, page: { limit: number; after?: string | undefined }, signal: AbortSignal) =>
    requestJson<ListPage<CollectionFile>>(`${collection(collectionId)}/files${query(page)}`, { signal }),
  get: (collectionId: string, fileId: string, signal: AbortSignal) => requestJson<CollectionFile>(file(collectionId, fileId), { signal }),
  attach: (collectionId: string, fileId: string, { replaces, attributes }: AttachOptions) =>
    requestJson<CollectionFile>(`${collection(collectionId)}/files`, { method: 'POST', body: { file_id: fileId, attributes, ...(replaces ? { replaces } : {}) } }),
  detach: (collectionId: string, fileId: string) => requestJson<unknown>(file(collectionId, fileId), { method: 'DELETE' }),
  retry: (collectionId: string, fileId: string) => requestJson<CollectionFile>(`${file(collectionId, fileId)}/retry`, { method: 'POST' }),
};

export const filesApi = {
  remove: (fileId: string) => requestJson<unknown>(`/v1/files/${id(fileId)}`, { method: 'DELETE' }),
  /** Where the original can be downloaded from. */
  contentPath: (fileId: string): string => `/v1/files/${id(fileId)}/content`,
};

export const documentsApi = {
  settings: () => requestJson<DocumentSettings>('/api/documents/settings'),
  /** From a page on, counted from 1, or from where the answer before ended. */
  text: (collectionId: string, fileId: string, page: string, signal: AbortSignal) =>
    requestJson<DocumentText>(`/api/vector_stores/${id(collectionId)}/files/${id(fileId)}/text${query({ page })}`, { signal }),
};
