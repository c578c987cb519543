// The general styles come first, so that those of the features can refine them.
import './ui/base.css';
import './ui/controls.css';
import './ui/prose.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { loadSession, signInWithLink } from './session/sessionStore';
import { takeLinkToken } from './session/signInLink';

const linkToken = takeLinkToken();
void (linkToken ? signInWithLink(linkToken) : loadSession());

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
