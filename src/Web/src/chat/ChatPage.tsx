import { useEffect, useState } from 'react';
import { conversationsApi } from '../api/endpoints';
import { ConnectionError, messageOf } from '../api/errors';
import { conversationPath, navigate } from '../app/router';
import { showFirst } from '../conversations/conversationStore';
import { titleFrom } from '../conversations/titles';
import { OfflineHint } from '../models/OfflineHint';
import { chosenModel, modelStore } from '../models/modelStore';
import { Notice } from '../ui/Notice';
import { useStore } from '../ui/store';
import { Composer } from './Composer';
import { runStore } from './runStore';
import { ask, openConversation, stop } from './runs';
import { Transcript } from './Transcript';
import { startEmptyTranscript, transcriptStore, updateTranscript } from './transcriptStore';
import './chat.css';

/** One conversation, or the beginning of a new one (`conversationId` null). Each has its own instance. */
export function ChatPage({ conversationId }: { conversationId: string | null }) {
  const run = useStore(runStore, (runs) => (conversationId ? runs[conversationId] : undefined));
  const missing = useStore(transcriptStore, (all) => conversationId !== null && all[conversationId]?.status === 'missing');
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    if (!conversationId) return;
    void openConversation(conversationId);
    const onVisible = () => {
      // What cannot be asked for now stays as it is until the tab is shown the next time.
      if (document.visibilityState === 'visible') openConversation(conversationId, updateTranscript).catch(() => {});
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [conversationId]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && conversationId) void stop(conversationId);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [conversationId]);

  const send = async (text: string): Promise<boolean> => {
    setError(null);
    try {
      const model = await chosenModel();
      if (!model) throw new ConnectionError(modelStore.get().error ?? 'The server offers no model that can chat. Configure one and reload the page.');
      const id = conversationId ?? (await startConversation(text));
      void ask(id, text, model);
      if (!conversationId) navigate(conversationPath(id));
      return true;
    } catch (failure) {
      setError(messageOf(failure));
      return false;
    }
  };

  return (
    <div className={conversationId ? 'chat' : 'chat chat-new'} data-testid="chat">
      {conversationId ? (
        <Transcript conversationId={conversationId} />
      ) : (
        <div className="welcome" data-testid="welcome">
          <h1>What can I help you with?</h1>
        </div>
      )}
      {!missing && (
        <div className="chat-bottom">
          {error && <Notice kind="error" testId="send-error">{error}</Notice>}
          <Composer
            draftKey={conversationId ?? ''}
            running={run?.phase === 'running'}
            stopping={run?.stopping ?? false}
            onSend={send}
            onStop={() => conversationId && void stop(conversationId)}
          />
          <OfflineHint />
        </div>
      )}
    </div>
  );
}

async function startConversation(firstMessage: string): Promise<string> {
  const { id, created_at } = await conversationsApi.create();
  const title = titleFrom(firstMessage);
  startEmptyTranscript(id, title);
  showFirst({ id, title, created_at, updated_at: created_at });
  return id;
}
