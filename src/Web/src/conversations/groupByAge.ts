import type { Conversation } from '../api/wire';

export interface ConversationGroup {
  label: string;
  entries: Conversation[];
}

const dayMs = 86_400_000;

/** Groups a newest-first list as a person would say it: today, yesterday, this week, then by month. */
export function groupByAge(entries: Conversation[], now: Date): ConversationGroup[] {
  const groups: ConversationGroup[] = [];
  for (const entry of entries) {
    const label = ageLabel(new Date((entry.updated_at || entry.created_at) * 1000), now);
    const last = groups.at(-1);
    if (last?.label === label) last.entries.push(entry);
    else groups.push({ label, entries: [entry] });
  }
  return groups;
}

function ageLabel(date: Date, now: Date): string {
  // Rounding absorbs the hour a change of daylight saving time adds or takes.
  const days = Math.round((startOfDay(now) - startOfDay(date)) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Previous 7 days';
  if (days <= 30) return 'Previous 30 days';
  return date.toLocaleDateString('en', { month: 'long', year: 'numeric' });
}

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
