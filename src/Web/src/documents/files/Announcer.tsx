import { useEffect, useRef, useState } from 'react';
import type { CollectionFile } from '../../api/documentWire';
import { announcement, endedBetween } from './announcement';
import type { FileList } from './foldFiles';

/** What happens within such a time is said at once. */
const gatherMs = 4000;
const mostLines = 20;

/** Tells screen readers which documents have become ready, or have failed. Progress is on the page, and said by nobody. */
export function Announcer({ list: { files, status } }: { list: FileList }) {
  const [lines, setLines] = useState<string[]>([]);
  const before = useRef<CollectionFile[] | null>(null);
  const ended = useRef<CollectionFile[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    if (status !== 'ready') return;
    // What was there when the page was opened is no news.
    const news = before.current ? endedBetween(before.current, files) : [];
    before.current = files;
    if (news.length === 0) return;
    ended.current.push(...news);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const line = announcement(ended.current.splice(0));
      if (line) setLines((all) => [...all, line].slice(-mostLines));
    }, gatherMs);
  }, [files, status]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Documents that are done" data-testid="documents-announcer">
      {lines.map((line, index) => <p key={index}>{line}</p>)}
    </div>
  );
}
