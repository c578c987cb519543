import { useEffect, useState } from 'react';
import type { Session } from '../api/wire';
import { ChatPage } from '../chat/ChatPage';
import { useConversationTitle } from '../chat/useConversationTitle';
import { ConversationList } from '../conversations/ConversationList';
import { DocumentsLink } from '../documents/DocumentsLink';
import { DocumentsPage } from '../documents/DocumentsPage';
import { DocumentsTrail, useDocumentsTitle } from '../documents/DocumentsTrail';
import { loadModels } from '../models/modelStore';
import { UserMenu } from '../session/UserMenu';
import { CloseIcon, Logo, MenuIcon, PlusIcon } from '../ui/icons';
import { NotFound } from './NotFound';
import { followLink, type Route } from './router';
import './shell.css';

interface ShellProps {
  session: Session;
  route: Route;
}

/** The frame of the app: the sidebar, and the page the address names. */
export function Shell({ session, route }: ShellProps) {
  const conversationId = route.page === 'conversation' ? route.id : null;
  const documents = route.page === 'documents' ? route : null;
  const page = conversationId ?? (documents ? `${documents.collectionId}/${documents.isSearch ? 'search' : documents.fileId}` : route.page);
  const conversationTitle = useConversationTitle(conversationId);
  const documentsTitle = useDocumentsTitle(documents);
  const title = conversationTitle ?? documentsTitle;
  // On a narrow screen the sidebar is a drawer over one page: going to another page closes it.
  const [drawerOver, setDrawerOver] = useState<string | null>(null);
  const drawerOpen = drawerOver === page;
  const closeDrawer = () => setDrawerOver(null);

  useEffect(() => {
    void loadModels();
  }, []);
  useEffect(() => {
    document.title = title ? `${title} - AiPlatform` : 'AiPlatform';
  }, [title]);

  return (
    <div className="shell" data-drawer={drawerOpen ? 'open' : 'closed'}>
      <a className="skip-link" href="#main">Skip to the {documents ? 'documents' : 'conversation'}</a>
      <aside className="sidebar" aria-label="Sidebar" onKeyDown={(event) => event.key === 'Escape' && closeDrawer()}>
        <div className="sidebar-top">
          <span className="brand">
            <Logo size={26} /> AiPlatform
          </span>
          <button type="button" className="icon-button drawer-close" onClick={closeDrawer} aria-label="Close the menu">
            <CloseIcon />
          </button>
        </div>
        <a className="button new-chat" href="/" onClick={followLink} data-testid="new-chat">
          <PlusIcon /> New chat
        </a>
        <DocumentsLink active={documents !== null} />
        <ConversationList activeId={conversationId} />
        <UserMenu session={session} />
      </aside>
      <button type="button" className="drawer-backdrop" aria-label="Close the menu" tabIndex={-1} onClick={closeDrawer} />
      <main id="main" className="page" tabIndex={-1}>
        <header className="page-header">
          <button type="button" className="icon-button drawer-open" onClick={() => setDrawerOver(page)} aria-label="Open the menu"
            aria-expanded={drawerOpen} data-testid="open-menu">
            <MenuIcon />
          </button>
          {conversationTitle && <h1 className="page-title" data-testid="conversation-title">{conversationTitle}</h1>}
          {documents && <DocumentsTrail route={documents} />}
        </header>
        <PageOf route={route} />
      </main>
    </div>
  );
}

function PageOf({ route }: { route: Route }) {
  switch (route.page) {
    case 'unknown':
      return <NotFound />;
    case 'documents':
      return <DocumentsPage route={route} />;
    case 'conversation':
      return <ChatPage key={route.id} conversationId={route.id} />;
    default:
      return <ChatPage key={route.page} conversationId={null} />;
  }
}
