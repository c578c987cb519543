import { afterEach, expect, it, vi } from 'vitest';
import { conversationStore, loadMoreConversations, refreshConversations } from './conversationStore';

const entry = { id: 'conv_1', title: 'Hi', created_at: 1, updated_at: 1 };
const answer = { data: [entry], has_more: true, first_id: 'conv_1', last_id: 'conv_1' };

afterEach(() => vi.unstubAllGlobals());

it('keeps the list that is shown when it cannot be refreshed, but says when more of it cannot be loaded', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(answer)));
  await refreshConversations();
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));

  await refreshConversations();
  expect(conversationStore.get()).toMatchObject({ entries: [entry], status: 'ready', error: null });
  await loadMoreConversations();
  expect(conversationStore.get()).toMatchObject({ entries: [entry], status: 'error', error: expect.stringContaining('cannot be reached') });
});
