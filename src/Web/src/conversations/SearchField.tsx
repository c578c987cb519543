import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { conversationStore, searchConversations } from './conversationStore';

const pauseMs = 250;

/** Searches once the typing pauses. */
export function SearchField() {
  const searched = useStore(conversationStore, (list) => list.query);
  const [text, setText] = useState(searched);
  const latest = useRef(searched);
  latest.current = searched;

  useEffect(() => {
    if (text.trim() === latest.current) return;
    const timer = setTimeout(() => void searchConversations(text.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <div className="search-field">
      <SearchIcon size={16} />
      <input type="search" aria-label="Search conversations" placeholder="Search" value={text}
        onChange={(event) => setText(event.target.value)} data-testid="conversation-search" />
    </div>
  );
}
