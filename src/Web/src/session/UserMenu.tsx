import { useState } from 'react';
import { messageOf } from '../api/errors';
import type { Session } from '../api/wire';
import { Dialog } from '../ui/Dialog';
import { ChevronIcon, DocumentIcon, KeyIcon, SignOutIcon } from '../ui/icons';
import { Menu } from '../ui/Menu';
import { showToast } from '../ui/toast';
import { PasswordForm } from './PasswordForm';
import { signOut } from './sessionStore';
import './session.css';

export function UserMenu({ session }: { session: Session }) {
  const [changing, setChanging] = useState(false);
  const name = session.user.name || session.user.email;
  const passwordLabel = session.password_set ? 'Change password' : 'Choose a password';
  return (
    <>
      <Menu
        label="Account"
        hasText
        className="user-menu"
        testId="user-menu"
        button={
          <>
            <span className="visually-hidden">Account:</span>
            <span className="avatar" aria-hidden="true" data-initial={name.slice(0, 1).toUpperCase()} />
            <span className="user-name">
              <span>{name}</span>
              <span className="muted small">{session.workspace.name}</span>
            </span>
            <ChevronIcon size={16} />
          </>
        }
      >
        {(close) => (
          <>
            <button type="button" role="menuitem" onClick={() => { close(); setChanging(true); }}>
              <KeyIcon /> {passwordLabel}
            </button>
            <a role="menuitem" href="/third-party-licences.txt" target="_blank" rel="noreferrer" onClick={close}>
              <DocumentIcon /> Licences of others
            </a>
            <button type="button" role="menuitem" data-testid="sign-out"
              onClick={() => signOut().catch((error: unknown) => showToast(messageOf(error)))}>
              <SignOutIcon /> Sign out
            </button>
          </>
        )}
      </Menu>
      {changing && (
        <Dialog title={passwordLabel} onClose={() => setChanging(false)}>
          <PasswordForm
            session={session}
            cancelLabel="Cancel"
            onCancel={() => setChanging(false)}
            onDone={() => { setChanging(false); showToast('Your password is saved.'); }}
          />
        </Dialog>
      )}
    </>
  );
}
