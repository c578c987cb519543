/**
 * Takes the token of a one-time link out of the address, before anything else runs, so that it is
 * neither kept in the history nor spent twice.
 */
export function takeLinkToken(): string | null {
  if (location.pathname !== '/sign-in') return null;
  const token = new URLSearchParams(location.search).get('token');
  if (token) history.replaceState(null, '', '/');
  return token;
}
