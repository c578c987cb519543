import { conversationStore } from '../conversations/conversationStore';
import { useStore } from '../ui/store';
import { transcriptStore } from './transcriptStore';

/** The title in the list, which may have been changed there; a conversation too old to be listed yet has the one it was opened with. */
export function useConversationTitle(conversationId: string | null): string | null {
  const listed = useStore(conversationStore, ({ entries }) => entries.find(({ id }) => id === conversationId)?.title ?? null);
  const opened = useStore(transcriptStore, (all) => (conversationId ? (all[conversationId]?.title ?? null) : null));
  return listed ?? opened;
}
