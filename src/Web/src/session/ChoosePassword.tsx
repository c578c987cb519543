import type { Session } from '../api/wire';
import { PasswordForm } from './PasswordForm';
import { SessionCard } from './SessionCard';
import { enter, sessionStore } from './sessionStore';

function goOn(): void {
  const state = sessionStore.get();
  if (state.status === 'signed-in') enter(state.session);
}

/** Shown once after a sign-in by link, as long as the user has no password. */
export function ChoosePassword({ session }: { session: Session }) {
  return (
    <SessionCard title="Welcome">
      <p className="muted">
        You are signed in. Choose how you want to sign in next time: the link you used works only once.
      </p>
      <PasswordForm session={session} cancelLabel="Later" onCancel={goOn} onDone={goOn} />
    </SessionCard>
  );
}
