import { useEffect } from 'react';
import { watchFiles } from './fileStore';

/** A tab that nobody has looked at for so long lets go of its connection: browsers have few of them for all tabs together. */
const unseenMs = 60_000;

/** Keeps the documents of a collection as the server has them, while they are wanted. */
export function useWatch(collectionId: string, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    let watching = new AbortController();
    let unseen: ReturnType<typeof setTimeout> | undefined;
    const onVisibility = () => {
      clearTimeout(unseen);
      if (document.visibilityState === 'hidden') unseen = setTimeout(() => watching.abort(), unseenMs);
      else if (watching.signal.aborted) begin();
    };
    const begin = () => {
      watching = new AbortController();
      void watchFiles(collectionId, watching.signal);
    };
    begin();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(unseen);
      watching.abort();
    };
  }, [collectionId, isWanted]);
}
