import { memo, useState } from 'react';
import type { Conversation } from '../api/wire';
import { conversationPath, followLink } from '../app/router';
import { runStore } from '../chat/runStore';
import { DotsIcon, PencilIcon, TrashIcon } from '../ui/icons';
import { Menu } from '../ui/Menu';
import { useStore } from '../ui/store';
import { DeleteDialog } from './DeleteDialog';
import { RenameDialog } from './RenameDialog';
import { untitled } from './titles';

interface ConversationRowProps {
  entry: Conversation;
  active: boolean;
}

export const ConversationRow = memo(function ConversationRow({ entry, active }: ConversationRowProps) {
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const running = useStore(runStore, (runs) => runs[entry.id]?.phase === 'running');
  const title = entry.title || untitled;
  const close = () => setDialog(null);

  return (
    <li className="conversation-row" data-testid="conversation-row" data-conversation-id={entry.id}>
      <a href={conversationPath(entry.id)} onClick={followLink} aria-current={active ? 'page' : undefined} title={title}>
        <span className="conversation-title">{title}</span>
        {running && <span className="running-dot" role="img" aria-label="An answer is being written" />}
      </a>
      <Menu label={`Actions for ${title}`} className="row-menu" button={<DotsIcon />} testId="conversation-menu">
        {(closeMenu) => (
          <>
            <button type="button" role="menuitem" onClick={() => { closeMenu(); setDialog('rename'); }} data-testid="rename-conversation">
              <PencilIcon /> Rename
            </button>
            <button type="button" role="menuitem" className="danger" onClick={() => { closeMenu(); setDialog('delete'); }} data-testid="delete-conversation">
              <TrashIcon /> Delete
            </button>
          </>
        )}
      </Menu>
      {dialog === 'rename' && <RenameDialog id={entry.id} title={title} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog id={entry.id} title={title} active={active} onClose={close} />}
    </li>
  );
});
