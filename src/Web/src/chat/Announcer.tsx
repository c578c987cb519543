import { useEffect, useRef, useState } from 'react';
import type { Item } from '../api/wire';
import { citationsOf } from '../citations/citations';
import { count } from '../documents/words';
import { messageText, partSeparator } from './itemText';
import type { Run } from './runStore';
import { searchInWords } from './searchWords';

const everyMs = 1500;
/** The last that is seen of a run that is over. One that is finished is gone, and was last seen running. */
const endings = { running: 'End of the answer.', failed: 'The answer failed.', blocked: 'The message was not sent.' };

/**
 * Reads a growing answer to screen readers sentence by sentence. The visible text changes with every
 * frame, which would be read over and over; this hidden region only ever gains whole sentences.
 */
export function Announcer({ run }: { run: Run | undefined }) {
  const [lines, setLines] = useState<string[]>([]);
  const latest = useRef(run);
  const running = run?.phase === 'running';
  if (run) latest.current = run;

  useEffect(() => {
    if (!running) return;
    let spoken = 0;
    const say = (text: string) => text.trim() !== '' && setLines((all) => [...all, text.trim()]);
    setLines(['Waiting for the answer.']);
    const timer = setInterval(() => {
      const next = wholeSentences(textOf(latest.current).slice(spoken));
      spoken += next.length;
      say(next);
    }, everyMs);
    return () => {
      clearInterval(timer);
      say(textOf(latest.current).slice(spoken));
      say(endings[latest.current?.phase ?? 'running'] + sourcesInWords(latest.current));
    };
  }, [running]);

  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Answer as it is written" data-testid="announcer">
      {lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

const textOf = (run: Run | undefined): string => (run?.answer.items ?? []).map(wordsOf).join('\n');

function wordsOf(item: Item): string {
  if (item.type === 'message') return messageText(item);
  return item.type === 'file_search_call' && item.status === 'completed' ? `${searchInWords(item, null)}.` : '';
}

function sourcesInWords(run: Run | undefined): string {
  const sources = (run?.answer.items ?? []).flatMap((item) => (item.type === 'message' ? citationsOf(item, partSeparator).sources : []));
  return sources.length === 0 ? '' : ` It names ${count(sources.length, 'source')}.`;
}

/** Everything up to the last end of a sentence or line. */
export const wholeSentences = (text: string): string => /^[\s\S]*(?:[.!?…:]\s|\n)/.exec(text)?.[0] ?? '';
