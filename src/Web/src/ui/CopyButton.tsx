import { useEffect, useState } from 'react';
import { CheckIcon, CopyIcon } from './icons';

interface CopyButtonProps {
  text: () => string;
  label: string;
  testId?: string;
}

export function CopyButton({ text, label, testId }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);

  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async () => setResult((await copyText(text())) ? 'copied' : 'failed');
  const words = result === 'copied' ? 'Copied' : result === 'failed' ? 'Could not copy' : label;
  return (
    <button type="button" className="copy-button" onClick={copy} data-testid={testId} title={words}>
      {result === 'copied' ? <CheckIcon size={15} /> : <CopyIcon size={15} />}
      <span aria-live="polite">{words}</span>
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The clipboard API exists on HTTPS and localhost only; this works on a plain HTTP address in the local network too. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
