import { useSyncExternalStore, type MouseEvent } from 'react';

export type DocumentsRoute = { page: 'documents'; collectionId: string | null; fileId: string | null; filePage: number; isSearch: boolean };
export type Route = { page: 'new' } | { page: 'conversation'; id: string } | DocumentsRoute | { page: 'sign-in' } | { page: 'unknown' };

export function parseRoute(pathname: string): Route {
  if (pathname === '/') return { page: 'new' };
  if (pathname === '/sign-in') return { page: 'sign-in' };
  const documents = /^\/documents(?:\/([\w-]+)(?:\/([\w-]+)(?:\/(\d{1,6}))?)?)?\/?$/.exec(pathname);
  if (documents) {
    const [, collectionId = null, name = null, filePage = 1] = documents;
    const isSearch = name === 'search';
    return { page: 'documents', collectionId, fileId: isSearch ? null : name, filePage: Number(filePage), isSearch };
  }
  const conversation = /^\/c\/([\w-]+)\/?$/.exec(pathname);
  return conversation?.[1] ? { page: 'conversation', id: conversation[1] } : { page: 'unknown' };
}

export const conversationPath = (id: string): string => `/c/${id}`;

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', notify);

export function navigate(path: string, { replace = false } = {}): void {
  if (path === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  notify();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePathname = (): string => useSyncExternalStore(subscribe, () => location.pathname);

/** What the address says beyond the page it names. */
export const useQuery = (): string => useSyncExternalStore(subscribe, () => location.search);

/** For links: an ordinary click stays in the page, everything else (new tab, download) is the browser's. */
export function followLink(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search);
}
