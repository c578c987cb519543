import { useState, type FormEvent } from 'react';
import { sessionApi } from '../api/endpoints';
import { ApiError, messageOf } from '../api/errors';
import type { Session } from '../api/wire';
import { Field } from '../ui/Field';
import { Notice } from '../ui/Notice';
import { enter } from './sessionStore';

const minimumLength = 10;
const shownFields = ['email', 'name', 'new_password', 'current_password'];

interface PasswordFormProps {
  session: Session;
  cancelLabel: string;
  onCancel: () => void;
  onDone: () => void;
}

/** Sets the first password (with email and name) or changes it. */
export function PasswordForm({ session, cancelLabel, onCancel, onDone }: PasswordFormProps) {
  const first = !session.password_set;
  const [email, setEmail] = useState(session.user.email);
  const [name, setName] = useState(session.user.name ?? '');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | Error | null>(null);

  const fields = error instanceof ApiError ? error.fields : {};
  const hasFieldErrors = shownFields.some((field) => fields[field]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const identity = { email: email.trim(), name: name.trim() };
      enter(await sessionApi.setPassword({ new_password: password, ...(first ? identity : { current_password: current }) }));
      onDone();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit} className="form" data-testid="password-form">
      {error && !hasFieldErrors && <Notice kind="error">{messageOf(error)}</Notice>}
      {first ? (
        <>
          <Field label="Email" type="email" name="email" autoComplete="username" required errors={fields.email}
            value={email} onChange={(event) => setEmail(event.target.value)} />
          <Field label="Name" name="name" autoComplete="name" errors={fields.name}
            value={name} onChange={(event) => setName(event.target.value)} />
        </>
      ) : (
        <Field label="Current password" type="password" name="current-password" autoComplete="current-password" required
          errors={fields.current_password} value={current} onChange={(event) => setCurrent(event.target.value)} />
      )}
      <Field label={first ? 'Password' : 'New password'} type="password" name="new-password" autoComplete="new-password" required
        minLength={minimumLength} hint={`At least ${minimumLength} characters.`} errors={fields.new_password}
        value={password} onChange={(event) => setPassword(event.target.value)} />
      <div className="form-actions">
        <button type="button" className="button" onClick={onCancel}>
          {cancelLabel}
        </button>
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Saving…' : 'Save'}
        </button>
      </div>
    </form>
  );
}
