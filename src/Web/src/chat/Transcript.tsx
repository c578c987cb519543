import { useState } from 'react';
import { messageOf } from '../api/errors';
import type { Item } from '../api/wire';
import { navigate } from '../app/router';
import { modelStore } from '../models/modelStore';
import { ArrowDownIcon } from '../ui/icons';
import { Notice } from '../ui/Notice';
import { useStore } from '../ui/store';
import { showToast } from '../ui/toast';
import { Announcer } from './Announcer';
import { useDocumentCount } from './documents/useDocumentCount';
import { isFromUser } from './itemText';
import { ItemView } from './ItemView';
import { openConversation } from './runs';
import { runStore, type Run } from './runStore';
import { RunStatus } from './RunStatus';
import { loadEarlier, transcriptStore } from './transcriptStore';
import { Unanswered } from './Unanswered';
import { useStickToEnd } from './useStickToEnd';

const noNotes: string[] = [];

export function Transcript({ conversationId }: { conversationId: string }) {
  const transcript = useStore(transcriptStore, (all) => all[conversationId]);
  const run = useStore(runStore, (runs) => runs[conversationId]);
  const model = useStore(modelStore, (state) => state.selected);
  const status = transcript?.status ?? 'loading';
  const stored = transcript?.items ?? [];
  const shown = run ? withRun(stored, run) : stored;
  const { scroller, content, isAtEnd, toEnd } = useStickToEnd(conversationId, run?.question?.id ?? null, stored[0]?.id);
  const searching = run?.answer.items.at(-1);
  const documents = useDocumentCount(run?.answer.tools);
  const settled = status === 'ready' && !run;

  return (
    <div className="transcript-frame">
      <div className="transcript" ref={scroller} aria-busy={status === 'loading'} data-testid="transcript">
        <div className="transcript-content" ref={content}>
          {transcript?.hasEarlier && <EarlierButton conversationId={conversationId} />}
          {status === 'loading' && !run && <TranscriptSkeleton />}
          {status === 'error' && (
            <Notice kind="error" testId="transcript-error"
              actions={<button type="button" className="button button-small" onClick={() => void openConversation(conversationId)}>Try again</button>}>
              {transcript?.error}
            </Notice>
          )}
          {status === 'missing' && <MissingConversation />}
          {settled && stored.length === 0 && <p className="muted transcript-empty">This conversation has no messages yet.</p>}
          {shown.map((item) => (
            <ItemView key={item.id} item={item} notes={transcript?.notes[item.id] ?? noNotes}
              streaming={run?.phase === 'running' && item === run.answer.items.at(-1)} documents={item === searching ? documents : null} />
          ))}
          {run && <RunStatus conversationId={conversationId} run={run} model={model} />}
          {settled && isFromUser(stored.at(-1)) && (
            <Unanswered conversationId={conversationId} model={model} outcome={transcript?.outcome ?? null} />
          )}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className="to-end" onClick={toEnd} aria-label="Jump to the latest message" data-testid="to-end">
          <ArrowDownIcon />
        </button>
      )}
      <Announcer run={run} />
    </div>
  );
}

/** A run and the transcript are one list, so that an answer stays the same element when it is finished. */
function withRun(stored: Item[], { question, answer }: Run): Item[] {
  const known = new Set(stored.map((item) => item.id));
  return [...stored, ...(question ? [question] : []), ...answer.items.filter((item) => !known.has(item.id))];
}

function EarlierButton({ conversationId }: { conversationId: string }) {
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    await loadEarlier(conversationId).catch((error: unknown) => showToast(messageOf(error)));
    setBusy(false);
  };
  return (
    <button type="button" className="button button-quiet earlier" onClick={load} disabled={busy} data-testid="load-earlier">
      {busy ? 'Loading…' : 'Show earlier messages'}
    </button>
  );
}

function MissingConversation() {
  return (
    <div className="missing" data-testid="conversation-missing">
      <h1>This conversation does not exist</h1>
      <p className="muted">It may have been deleted, or it belongs to another workspace.</p>
      <button type="button" className="button button-primary" onClick={() => navigate('/')}>
        Start a new chat
      </button>
    </div>
  );
}

function TranscriptSkeleton() {
  return (
    <div className="skeleton-transcript" aria-hidden="true">
      {['40%', '90%', '76%', '82%'].map((width) => (
        <div key={width} className="skeleton" style={{ width }} />
      ))}
    </div>
  );
}
