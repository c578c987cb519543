import { useEffect, useRef, useState } from 'react';
import type { CollectionFile } from '../../api/documentWire';
import { announcement } from './announcement';

/** What happens within such a time is said at once. */
const everyMs = 2000;
const mostLines = 20;

/** Tells screen readers which documents have become ready, or have failed. Progress is on the page, and said by nobody. */
export function Announcer({ files }: { files: CollectionFile[] }) {
  const [lines, setLines] = useState<string[]>([]);
  const latest = useRef(files);
  const said = useRef(files);
  latest.current = files;

  useEffect(() => {
    const timer = setInterval(() => {
      if (latest.current === said.current) return;
      const line = announcement(said.current, latest.current);
      said.current = latest.current;
      if (line) setLines((all) => [...all, line].slice(-mostLines));
    }, everyMs);
    return () => clearInterval(timer);
  }, []);

  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Documents that are done" data-testid="documents-announcer">
      {lines.map((line, index) => <p key={index}>{line}</p>)}
    </div>
  );
}
