import type { ReactNode } from 'react';
import { AlertIcon, InfoIcon } from './icons';

interface NoticeProps {
  kind: 'info' | 'error';
  children: ReactNode;
  actions?: ReactNode;
  testId?: string;
}

export function Notice({ kind, children, actions, testId }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'note'} data-testid={testId}>
      {kind === 'error' ? <AlertIcon /> : <InfoIcon />}
      <div className="notice-text">{children}</div>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}
