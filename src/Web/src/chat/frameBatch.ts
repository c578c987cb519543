const hiddenTabMs = 250;

/** Collects values and hands them over once per animation frame, or now and then in a tab nobody looks at. */
export class FrameBatch<T> {
  private waiting: T[] = [];
  private cancelScheduled: (() => void) | null = null;

  constructor(private readonly handOver: (values: T[]) => void) {}

  push(values: T[]): void {
    this.waiting.push(...values);
    this.cancelScheduled ??= schedule(() => this.flush());
  }

  flush(): void {
    this.cancelScheduled?.();
    this.cancelScheduled = null;
    if (this.waiting.length === 0) return;
    const values = this.waiting;
    this.waiting = [];
    this.handOver(values);
  }
}

/** A hidden tab gets no frames, and may be hidden while one is awaited: whichever comes first wins. */
function schedule(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, hiddenTabMs);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
