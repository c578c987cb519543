import { sessionApi } from '../api/endpoints';
import { ApiError, messageOf } from '../api/errors';
import { credentials } from '../api/http';
import type { Session } from '../api/wire';
import { createStore } from '../ui/store';
import { showToast } from '../ui/toast';

export type SessionState =
  | { status: 'loading' }
  | { status: 'unreachable'; message: string }
  | { status: 'signed-out'; notice: string | null }
  | { status: 'signed-in'; session: Session; choosePassword: boolean };

export const sessionStore = createStore<SessionState>({ status: 'loading' });

const signedOutListeners = new Set<() => void>();

/** Other features forget what belongs to the user who has left. */
export function onSignOut(forget: () => void): void {
  signedOutListeners.add(forget);
}

export function enter(session: Session, choosePassword = false): void {
  credentials.csrfToken = session.csrf_token;
  sessionStore.set({ status: 'signed-in', session, choosePassword });
}

export function leave(notice: string | null): void {
  credentials.csrfToken = null;
  sessionStore.set({ status: 'signed-out', notice });
  for (const forget of signedOutListeners) forget();
}

credentials.onSignedOut = () => {
  if (sessionStore.get().status === 'signed-in') leave('Your session has ended. Please sign in again.');
};
credentials.renewToken = async () => {
  try {
    credentials.csrfToken = (await sessionApi.get()).csrf_token;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) credentials.onSignedOut();
    throw error;
  }
};

export async function loadSession(): Promise<void> {
  sessionStore.set({ status: 'loading' });
  try {
    enter(await sessionApi.get());
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) sessionStore.set({ status: 'signed-out', notice: null });
    else sessionStore.set({ status: 'unreachable', message: messageOf(error) });
  }
}

/** Spends a one-time link. Without a password the next visit needs another link, so one is asked for. */
export async function signInWithLink(token: string): Promise<void> {
  try {
    const session = await sessionApi.useLink(token);
    enter(session, !session.password_set);
  } catch (error) {
    if (error instanceof ApiError) await refuseLink(messageOf(error));
    else sessionStore.set({ status: 'unreachable', message: messageOf(error) });
  }
}

/** A link opened a second time, by someone who is signed in: only worth a word. */
async function refuseLink(reason: string): Promise<void> {
  try {
    enter(await sessionApi.get());
    showToast('This sign-in link was used before. You are signed in.');
  } catch {
    leave(reason);
  }
}

export async function signOut(): Promise<void> {
  await sessionApi.signOut();
  leave(null);
}
