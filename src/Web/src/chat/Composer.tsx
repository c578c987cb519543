import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { ModelPicker } from '../models/ModelPicker';
import { SendIcon, StopIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { draftOf, drafts, keepDraft } from './drafts';

interface ComposerProps {
  draftKey: string;
  running: boolean;
  stopping: boolean;
  /** The choice of documents. */
  documents: ReactNode;
  /** Resolves to false when the message could not be taken, and is to stay in the box. */
  onSend: (text: string) => Promise<boolean>;
  onStop: () => void;
}

export function Composer({ draftKey, running, stopping, documents, onSend, onStop }: ComposerProps) {
  const text = useStore(drafts, (all) => draftOf(all, draftKey));
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const isReady = !running && !busy && text.trim() !== '';

  useEffect(() => {
    // On a phone the focus would open the keyboard over the conversation.
    if (matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, []);

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const write = (next: string) => keepDraft(draftKey, next);

  const send = async () => {
    if (!isReady) return;
    const sent = text;
    setBusy(true);
    write('');
    if (!(await onSend(sent.trim()))) write(sent);
    setBusy(false);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter confirms that character.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };

  return (
    <form className="composer" onSubmit={onSubmit} data-testid="composer">
      <textarea
        ref={box}
        rows={1}
        aria-label="Message"
        placeholder="Write a message"
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        data-testid="message-input"
      />
      <div className="composer-row">
        <ModelPicker />
        {documents}
        <span className="composer-keys" aria-hidden="true">
          {running ? 'Esc stops' : 'Enter sends, Shift+Enter starts a new line'}
        </span>
        {running ? (
          <button type="button" className="round-button" onClick={onStop} disabled={stopping} aria-label={stopping ? 'Stopping' : 'Stop answer'} data-testid="stop">
            <StopIcon />
          </button>
        ) : (
          <button type="submit" className="round-button" disabled={!isReady} aria-label="Send message" data-testid="send">
            <SendIcon />
          </button>
        )}
      </div>
    </form>
  );
}
