import { percent } from './words';

interface ProgressBarProps {
  /** From 0 to 1. */
  value: number;
  label: string;
}

export function ProgressBar({ value, label }: ProgressBarProps) {
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent(value)}>
      <span style={{ transform: `scaleX(${percent(value) / 100})` }} />
    </div>
  );
}
