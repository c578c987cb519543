import type { ReactNode } from 'react';
import { Logo } from '../ui/icons';
import './session.css';

/** The frame of the pages shown outside of the app itself. */
export function SessionCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="session-page">
      <div className="session-card">
        <div className="session-brand">
          <Logo size={36} />
          <span>AiPlatform</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
