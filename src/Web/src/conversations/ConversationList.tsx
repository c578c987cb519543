import { useEffect, useState } from 'react';
import { Notice } from '../ui/Notice';
import { useStore } from '../ui/store';
import { ConversationRow } from './ConversationRow';
import { conversationStore, loadMoreConversations, refreshConversations } from './conversationStore';
import { groupByAge } from './groupByAge';
import { SearchField } from './SearchField';
import './conversations.css';

export function ConversationList({ activeId }: { activeId: string | null }) {
  const { entries, hasMore, status, error, query } = useStore(conversationStore, (list) => list);
  const [now, setNow] = useState(() => new Date());

  useEffect(() => {
    void refreshConversations();
    const onVisible = () => {
      if (document.visibilityState !== 'visible') return;
      setNow(new Date());
      void refreshConversations();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, []);

  return (
    <nav className="conversations" aria-label="Conversations" aria-busy={status === 'loading'} data-testid="conversation-list">
      <SearchField />
      {error && (
        <Notice kind="error" actions={<button type="button" className="button button-small" onClick={refreshConversations}>Try again</button>}>
          {error}
        </Notice>
      )}
      {entries.length === 0 && status === 'loading' && <ListSkeleton />}
      {entries.length === 0 && status === 'ready' && (
        <p className="conversations-empty muted" data-testid="conversations-empty">
          {query ? `Nothing found for “${query}”.` : 'Your conversations will appear here.'}
        </p>
      )}
      {groupByAge(entries, now).map((group) => (
        <section key={group.label} aria-label={group.label}>
          <h2 className="conversations-group">{group.label}</h2>
          <ul>
            {group.entries.map((entry) => (
              <ConversationRow key={entry.id} entry={entry} active={entry.id === activeId} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore && (
        <button type="button" className="button button-quiet load-more" onClick={loadMoreConversations}
          disabled={status === 'loading-more'} data-testid="load-more-conversations">
          {status === 'loading-more' ? 'Loading…' : 'Load more'}
        </button>
      )}
    </nav>
  );
}

function ListSkeleton() {
  return (
    <div className="skeleton-list" aria-hidden="true">
      {[70, 52, 84, 60].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
