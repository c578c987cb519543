import { memo, useCallback, useMemo } from 'react';
import type { FunctionCallItem, Item, MessageItem, ReasoningItem } from '../api/wire';
import { Citation } from '../citations/Citation';
import { citationsOf } from '../citations/citations';
import { Sources } from '../citations/Sources';
import { Markdown } from '../markdown/Markdown';
import { CopyButton } from '../ui/CopyButton';
import { ChevronIcon, ToolIcon } from '../ui/icons';
import { FileSearch } from './FileSearch';
import { messageText, partSeparator } from './itemText';

interface ItemViewProps {
  item: Item;
  notes: string[];
  streaming: boolean;
  /** How many documents it may search, while it does. */
  documents?: number | null;
}

/** Memoised: while an answer streams, only its own item is rendered again. */
export const ItemView = memo(function ItemView({ item, notes, streaming, documents = null }: ItemViewProps) {
  switch (item.type) {
    case 'message':
      return item.role === 'user' ? <Question item={item} /> : <AnswerMessage item={item} notes={notes} streaming={streaming} />;
    case 'reasoning':
      return <Reasoning item={item} streaming={streaming} />;
    case 'function_call':
      return <FunctionCall item={item} />;
    case 'file_search_call':
      return <FileSearch item={item} documents={documents} />;
    default:
      return null; // Kinds of items this page does not show.
  }
});

function Question({ item }: { item: MessageItem }) {
  return (
    <article className="question" aria-label="You" data-testid="message-user">
      <h2 className="visually-hidden">You</h2>
      <div className="question-text">{messageText(item)}</div>
    </article>
  );
}

function AnswerMessage({ item, notes, streaming }: { item: MessageItem; notes: string[]; streaming: boolean }) {
  const text = messageText(item);
  const { places, cited, sources } = useMemo(() => citationsOf(item, partSeparator), [item]);
  const renderCitation = useCallback((number: number) => (cited[number] ? <Citation source={cited[number]} /> : null), [cited]);
  const isRefusal = item.content.some((part) => part.type === 'refusal');
  const shown = notes.length === 0 && item.status === 'incomplete' && !streaming ? ['This answer is incomplete.'] : notes;
  return (
    <article className="answer" aria-label="Answer" aria-busy={streaming} data-testid="message-assistant" data-streaming={streaming}>
      <h2 className="visually-hidden">Answer</h2>
      <div className={isRefusal ? 'refusal' : undefined}>
        <Markdown text={text} streaming={streaming} marks={places} renderMark={renderCitation} />
      </div>
      <Sources sources={sources} />
      {shown.map((note) => (
        <p key={note} className="answer-note" data-testid="answer-note">{note}</p>
      ))}
      {!streaming && text !== '' && (
        <div className="answer-actions">
          <CopyButton text={() => text} label="Copy answer" testId="copy-answer" />
        </div>
      )}
    </article>
  );
}

function Reasoning({ item, streaming }: { item: ReasoningItem; streaming: boolean }) {
  const text = [...item.summary, ...(item.content ?? [])].map((part) => part.text ?? '').filter(Boolean).join('\n\n');
  if (text === '') return null;
  return (
    <details className="aside" data-testid="reasoning">
      <summary>
        <ChevronIcon size={15} /> {streaming ? 'Thinking…' : 'Reasoning'}
      </summary>
      <Markdown text={text} streaming={streaming} />
    </details>
  );
}

function FunctionCall({ item }: { item: FunctionCallItem }) {
  return (
    <details className="aside" data-testid="function-call">
      <summary>
        <ToolIcon size={15} /> Called the tool <code>{item.name}</code>
      </summary>
      <pre>{item.arguments}</pre>
    </details>
  );
}
