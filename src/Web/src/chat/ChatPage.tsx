import { useEffect, useState } from 'react';
import { conversationsApi } from '../api/endpoints';
import { ConnectionError, messageOf } from '../api/errors';
import { conversationPath, navigate, useQuery } from '../app/router';
import { showFirst } from '../conversations/conversationStore';
import { titleFrom } from '../conversations/titles';
import { OfflineHint } from '../models/OfflineHint';
import { chosenModel, modelStore } from '../models/modelStore';
import { endings } from '../documents/collections/endings';
import { ConflictDialog } from '../documents/uploads/ConflictDialog';
import { DropZone } from '../documents/uploads/DropZone';
import { Notice } from '../ui/Notice';
import { useStore } from '../ui/store';
import { Composer } from './Composer';
import { choose, chosenIn, moveChoice, useChosen } from './documents/choices';
import { checkCollection, ChosenDocuments } from './documents/ChosenDocuments';
import { DocumentsButton } from './documents/DocumentsButton';
import { useFilesForChat } from './documents/useFilesForChat';
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
  const draftKey = conversationId ?? '';
  const chosen = useChosen(draftKey);
  const files = useFilesForChat(draftKey);
  const failed = run?.phase === 'failed';

  useAddressedDocuments(conversationId === null);
  useEffect(() => {
    // A question that was refused may have been put to a collection that is gone.
    if (failed && conversationId) for (const id of chosenIn(conversationId)) void checkCollection(id);
  }, [failed, conversationId]);

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
      if (chosen.some((id) => endings.get()[id] === 'gone')) throw new ConnectionError('Your message was not sent: one of its collections has been deleted. Go on without it, or choose others.');
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
    <DropZone label="Drop files to ask about them" onPicked={files.add} disabled={missing}>
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
            <ChosenDocuments draftKey={draftKey} chosen={chosen} />
            <Composer
              draftKey={draftKey}
              documents={<DocumentsButton draftKey={draftKey} onFiles={files.add} />}
              running={run?.phase === 'running'}
              stopping={run?.stopping ?? false}
              onSend={send}
              onStop={() => conversationId && void stop(conversationId)}
            />
            <OfflineHint />
          </div>
        )}
      </div>
      {files.dialog}
      <ConflictDialog />
    </DropZone>
  );
}

/** A link can say which collections a new chat is to ask. */
function useAddressedDocuments(isNew: boolean): void {
  const asked = new URLSearchParams(useQuery()).getAll('documents').join();
  useEffect(() => {
    if (!isNew || asked === '') return;
    choose('', asked.split(','));
    navigate('/', { replace: true });
  }, [isNew, asked]);
}

async function startConversation(firstMessage: string): Promise<string> {
  const { id, created_at } = await conversationsApi.create();
  const title = titleFrom(firstMessage);
  moveChoice('', id);
  startEmptyTranscript(id, title);
  showFirst({ id, title, created_at, updated_at: created_at });
  return id;
}
