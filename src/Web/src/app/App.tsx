import { useEffect } from 'react';
import { ChoosePassword } from '../session/ChoosePassword';
import { SessionCard } from '../session/SessionCard';
import { loadSession, sessionStore } from '../session/sessionStore';
import { SignIn } from '../session/SignIn';
import { Notice } from '../ui/Notice';
import { useStore } from '../ui/store';
import { Toasts } from '../ui/toast';
import { navigate, parseRoute, usePathname } from './router';
import { Shell } from './Shell';

export function App() {
  return (
    <>
      <Page />
      <Toasts />
    </>
  );
}

function Page() {
  const state = useStore(sessionStore, (value) => value);
  const route = parseRoute(usePathname());

  useEffect(() => {
    if (state.status === 'signed-in' && route.page === 'sign-in') navigate('/', { replace: true });
  }, [state.status, route.page]);

  switch (state.status) {
    case 'loading':
      return <div className="loading-page" role="status" aria-label="Loading" />;
    case 'unreachable':
      return (
        <SessionCard title="No connection">
          <Notice kind="error" testId="unreachable">{state.message}</Notice>
          <button type="button" className="button button-primary" onClick={loadSession}>Try again</button>
        </SessionCard>
      );
    case 'signed-out':
      return <SignIn notice={state.notice} />;
    case 'signed-in':
      return state.choosePassword ? <ChoosePassword session={state.session} /> : <Shell session={state.session} route={route} />;
  }
}
