import { conversationStore } from '../conversations/conversationStore';
import { titleFrom } from '../conversations/titles';
import { useStore } from '../ui/store';
import { isFromUser, messageText } from './itemText';
import { transcriptStore } from './transcriptStore';

/** The title in the list; for a conversation too old to be listed yet, the beginning of the first message that is shown. */
export function useConversationTitle(conversationId: string | null): string | null {
  const listed = useStore(conversationStore, ({ entries }) => entries.find(({ id }) => id === conversationId)?.title ?? null);
  const question = useStore(transcriptStore, (all) => (conversationId ? all[conversationId]?.items.find(isFromUser) : undefined));
  return listed ?? (question ? titleFrom(messageText(question)) : null);
}
