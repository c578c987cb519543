import { useEffect, useState } from 'react';
import type { Session } from '../api/wire';
import { ChatPage } from '../chat/ChatPage';
import { ConversationList } from '../conversations/ConversationList';
import { conversationStore } from '../conversations/conversationStore';
import { untitled } from '../conversations/titles';
import { UserMenu } from '../session/UserMenu';
import { CloseIcon, Logo, MenuIcon, PlusIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { NotFound } from './NotFound';
import { followLink, type Route } from './router';
import './shell.css';

interface ShellProps {
  session: Session;
  route: Route;
}

/** The frame of the app: the sidebar, and the page the address names. */
export function Shell({ session, route }: ShellProps) {
  const [drawerOpen, setDrawerOpen] = useState(false);
  const conversationId = route.page === 'conversation' ? route.id : null;
  const title = useStore(conversationStore, ({ entries }) => entries.find(({ id }) => id === conversationId)?.title) ?? untitled;

  useEffect(() => setDrawerOpen(false), [route.page, conversationId]);
  useEffect(() => {
    document.title = conversationId ? `${title} - AiPlatform` : 'AiPlatform';
  }, [title, conversationId]);

  return (
    <div className="shell" data-drawer={drawerOpen ? 'open' : 'closed'}>
      <a className="skip-link" href="#main">Skip to the conversation</a>
      <aside className="sidebar" aria-label="Sidebar" onKeyDown={(event) => event.key === 'Escape' && setDrawerOpen(false)}>
        <div className="sidebar-top">
          <span className="brand">
            <Logo size={26} /> AiPlatform
          </span>
          <button type="button" className="icon-button drawer-close" onClick={() => setDrawerOpen(false)} aria-label="Close the menu">
            <CloseIcon />
          </button>
        </div>
        <a className="button new-chat" href="/" onClick={followLink} data-testid="new-chat">
          <PlusIcon /> New chat
        </a>
        <ConversationList activeId={conversationId} />
        <UserMenu session={session} />
      </aside>
      <button type="button" className="drawer-backdrop" aria-label="Close the menu" tabIndex={-1} onClick={() => setDrawerOpen(false)} />
      <main id="main" className="page" tabIndex={-1}>
        <header className="page-header">
          <button type="button" className="icon-button drawer-open" onClick={() => setDrawerOpen(true)} aria-label="Open the menu"
            aria-expanded={drawerOpen} data-testid="open-menu">
            <MenuIcon />
          </button>
          {conversationId && <h1 className="page-title" data-testid="conversation-title">{title}</h1>}
        </header>
        {route.page === 'unknown' ? <NotFound /> : <ChatPage conversationId={conversationId} />}
      </main>
    </div>
  );
}
