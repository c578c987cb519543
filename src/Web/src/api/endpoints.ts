import { requestJson } from './http';
import { query } from './query';
import type { Conversation, Item, ListPage, Model, ModelResponse, OpenedConversation, Session } from './wire';

const id = encodeURIComponent;

export interface NewPassword {
  new_password: string;
  current_password?: string;
  email?: string;
  name?: string;
}

export const sessionApi = {
  get: () => requestJson<Session>('/api/session', { signingIn: true }),
  signIn: (email: string, password: string) =>
    requestJson<Session>('/api/session', { method: 'POST', body: { email, password }, signingIn: true }),
  useLink: (token: string) => requestJson<Session>('/api/session/link', { method: 'POST', body: { token }, signingIn: true }),
  setPassword: (password: NewPassword) => requestJson<Session>('/api/session/password', { method: 'PUT', body: password }),
  signOut: () => requestJson<void>('/api/session', { method: 'DELETE' }),
};

export const modelsApi = {
  list: () => requestJson<{ data: Model[] }>('/v1/models'),
};

export const conversationsApi = {
  list: (page: { limit: number; after?: string | undefined; query?: string }, signal?: AbortSignal) =>
    requestJson<ListPage<Conversation>>(`/api/conversations${query(page)}`, signal ? { signal } : {}),
  create: () => requestJson<Conversation>('/v1/conversations', { method: 'POST', body: {} }),
  get: (conversationId: string) => requestJson<OpenedConversation>(`/api/conversations/${id(conversationId)}`),
  rename: (conversationId: string, title: string) =>
    requestJson<Conversation>(`/api/conversations/${id(conversationId)}`, { method: 'PATCH', body: { title } }),
  remove: (conversationId: string) => requestJson<unknown>(`/v1/conversations/${id(conversationId)}`, { method: 'DELETE' }),
  items: (conversationId: string, page: { limit: number; order: 'asc' | 'desc'; after?: string | undefined }) =>
    requestJson<ListPage<Item>>(`/v1/conversations/${id(conversationId)}/items${query(page)}`),
  removeItem: (conversationId: string, itemId: string) =>
    requestJson<unknown>(`/v1/conversations/${id(conversationId)}/items/${id(itemId)}`, { method: 'DELETE' }),
};

export const responsesApi = {
  cancel: (responseId: string) => requestJson<ModelResponse>(`/v1/responses/${id(responseId)}/cancel`, { method: 'POST' }),
};
