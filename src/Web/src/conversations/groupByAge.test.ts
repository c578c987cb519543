import { expect, it } from 'vitest';
import { groupByAge } from './groupByAge';
import { titleFrom } from './titles';

const at = (id: string, date: Date) => ({ id, title: id, created_at: 0, updated_at: date.getTime() / 1000 });

it('groups conversations as a person would', () => {
  const groups = groupByAge(
    [
      at('now', new Date(2026, 5, 20, 11)),
      at('morning', new Date(2026, 5, 20, 0, 1)),
      at('evening', new Date(2026, 5, 19, 23, 59)),
      at('week', new Date(2026, 5, 14)),
      at('month', new Date(2026, 5, 1)),
      at('older', new Date(2026, 2, 3)),
    ],
    new Date(2026, 5, 20, 12),
  );
  expect(groups.map(({ label, entries }) => [label, entries.map(({ id }) => id)])).toEqual([
    ['Today', ['now', 'morning']],
    ['Yesterday', ['evening']],
    ['Previous 7 days', ['week']],
    ['Previous 30 days', ['month']],
    ['March 2026', ['older']],
  ]);
});

it('makes a title of the beginning of a message', () => {
  expect(titleFrom('  Hello\n  there ')).toBe('Hello there');
  expect(titleFrom('')).toBe('New chat');
  expect(titleFrom('word '.repeat(30))).toBe(`${'word '.repeat(12).trim()}…`);
});
