import { followLink } from './router';

export function NotFound() {
  return (
    <div className="missing" data-testid="not-found">
      <h1>There is no such page</h1>
      <p className="muted">The address may have been mistyped, or the page has moved.</p>
      <a className="button button-primary" href="/" onClick={followLink}>
        Start a new chat
      </a>
    </div>
  );
}
