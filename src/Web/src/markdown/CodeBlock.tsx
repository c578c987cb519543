import { useEffect, useState, type ReactNode } from 'react';
import { CopyButton } from '../ui/CopyButton';

interface CodeBlockProps {
  code: string;
  language: string;
  open: boolean;
}

export function CodeBlock({ code, language, open }: CodeBlockProps) {
  const highlighted = useHighlighted(code, language, open);
  return (
    <div className="code-block" data-testid="code-block">
      <div className="code-header">
        <span>{language || 'text'}</span>
        <CopyButton text={() => code} label="Copy code" />
      </div>
      {/* Focusable, so that long lines can be scrolled with the keyboard. */}
      <pre tabIndex={0}>
        <code>{highlighted ?? code}</code>
      </pre>
    </div>
  );
}

/** Colours a block once it is complete; the highlighter is loaded when the first one is. */
function useHighlighted(code: string, language: string, open: boolean): ReactNode {
  const [result, setResult] = useState<{ code: string; nodes: ReactNode } | null>(null);

  useEffect(() => {
    if (open || !language) return;
    let current = true;
    import('./highlight').then(
      ({ highlight }) => current && setResult({ code, nodes: highlight(code, language) }),
      () => {}, // The highlighter could not be loaded: the code stays readable without colours.
    );
    return () => {
      current = false;
    };
  }, [code, language, open]);

  return result?.code === code ? result.nodes : null;
}
