import { createStore, useStore } from './store';

interface Toast {
  id: number;
  text: string;
}

const toasts = createStore<Toast[]>([]);
let lastId = 0;

/** A short message about something that has no place of its own on the page. */
export function showToast(text: string): void {
  const id = ++lastId;
  toasts.set((all) => [...all, { id, text }]);
  setTimeout(() => toasts.set((all) => all.filter((toast) => toast.id !== id)), 6000);
}

export function Toasts() {
  const all = useStore(toasts, (value) => value);
  return (
    <div className="toasts" role="status" aria-live="polite" data-testid="toasts">
      {all.map((toast) => (
        <div key={toast.id} className="toast">
          {toast.text}
        </div>
      ))}
    </div>
  );
}
