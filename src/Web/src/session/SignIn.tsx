import { useState, type FormEvent } from 'react';
import { sessionApi } from '../api/endpoints';
import { messageOf } from '../api/errors';
import { Field } from '../ui/Field';
import { Notice } from '../ui/Notice';
import { SessionCard } from './SessionCard';
import { enter } from './sessionStore';

export function SignIn({ notice }: { notice: string | null }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      enter(await sessionApi.signIn(email.trim(), password));
    } catch (failure) {
      setError(messageOf(failure));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };

  return (
    <SessionCard title="Sign in">
      {notice && !error && (
        <Notice kind="info" testId="sign-in-notice">
          {notice}
        </Notice>
      )}
      {error && (
        <Notice kind="error" testId="sign-in-error">
          {error}
        </Notice>
      )}
      <form onSubmit={submit} className="form" data-testid="sign-in-form">
        <Field
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      <p className="muted small">First time here? Open the one-time sign-in link that the server printed when it started.</p>
    </SessionCard>
  );
}
