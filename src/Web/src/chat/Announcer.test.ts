import { expect, it } from 'vitest';
import { wholeSentences } from './Announcer';

it('takes whole sentences and lines only', () => {
  expect(wholeSentences('One. Two is not')).toBe('One. ');
  expect(wholeSentences('A line\nand a half')).toBe('A line\n');
  expect(wholeSentences('3.5 of')).toBe('');
});
