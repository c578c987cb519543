import { describe, expect, it } from 'vitest';
import type { CollectionFile } from '../../api/documentWire';
import { freeName, refusalOf } from './checks';
import { resolveConflicts, type ConflictChoice } from './conflicts';
import { droppedFiles, pickedFiles } from './droppedFiles';

const settings = { max_file_bytes: 1000, formats: [{ name: 'PDF', extensions: ['.pdf'] }, { name: 'Text', extensions: ['.txt', '.ts'] }] };

const check = (name: string, size: number, type = '') => refusalOf({ name, size, type }, settings);

describe('refusalOf', () => {
  it('knows what the server would not take', () => {
    expect(check('a.pdf', 0)).toBe('The file is empty.');
    expect(check('a.pdf', 1001)).toContain('The most is 1,000 bytes');
    expect(check('film.mp4', 10, 'video/mp4')).toContain('“.mp4”');
  });

  it('leaves to the server what it cannot know', () => {
    expect(check('a.pdf', 10)).toBeNull();
    expect(check('notes.unknown', 10)).toBeNull();
    expect(check('code.ts', 10, 'video/mp2t')).toBeNull();
    expect(refusalOf({ name: 'film.mp4', size: 10, type: 'video/mp4' }, null)).toBeNull();
  });
});

describe('freeName', () => {
  it('counts up before the extension', () => {
    expect(freeName('f.d/report.pdf', (name) => name === 'f.d/report (2).pdf')).toBe('f.d/report (3).pdf');
    expect(freeName('f.d/README', () => false)).toBe('f.d/README (2)');
    expect(freeName('.env', () => false)).toBe('.env (2)');
  });
});

describe('resolveConflicts', () => {
  const existing = new Map(['a.txt', 'b.txt', 'c.txt'].map((name) => [name, { id: `file_${name}` } as CollectionFile]));
  const picked = [...existing.keys()].map((name) => ({ name, file: new File(['x'], name) }));
  const decide = async (answers: { choice: ConflictChoice; forAll: boolean }[]) => {
    const asked: string[] = [];
    const uploads = await resolveConflicts('vs_1', picked, existing, async (name, others) => {
      asked.push(`${name} and ${others}`);
      return answers.shift()!;
    });
    return { asked, uploads: uploads.map(({ name, replaces }) => [name, replaces]) };
  };

  it('asks about each file', async () => {
    const { asked, uploads } = await decide([{ choice: 'replace', forAll: false }, { choice: 'keep-both', forAll: false }, { choice: 'skip', forAll: false }]);

    expect(asked).toEqual(['a.txt and 2', 'b.txt and 1', 'c.txt and 0']);
    expect(uploads).toEqual([['a.txt', 'file_a.txt'], ['b (2).txt', null]]);
  });

  it('asks no more once an answer is for all', async () => {
    const { asked, uploads } = await decide([{ choice: 'skip', forAll: false }, { choice: 'replace', forAll: true }]);

    expect(asked).toEqual(['a.txt and 2', 'b.txt and 1']);
    expect(uploads).toEqual([['b.txt', 'file_b.txt'], ['c.txt', 'file_c.txt']]);
  });
});

const relative = (path: string) => Object.assign(new File(['x'], path.split('/').at(-1)!), { webkitRelativePath: path });
const fileEntry = (name: string) => ({ name, isDirectory: false, file: (done: (file: File) => void) => done(new File(['x'], name)) });
const unreadable = (name: string) => ({ name, isDirectory: false, file: (_: unknown, fail: (error: unknown) => void) => fail(new Error('No')) });
/** Gives its entries in portions of two, as browsers do in some of a hundred. */
const folder = (name: string, ...entries: { name: string }[]) => ({
  name,
  isDirectory: true,
  createReader: () => {
    const left = [...entries];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2)) };
  },
});
const drop = (...entries: unknown[]) =>
  droppedFiles({ items: entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null })) } as unknown as DataTransfer);

describe('Dropped folders', () => {
  it('are read to the last file, with their names', async () => {
    const { files } = await drop(fileEntry('a.txt'), folder('f', fileEntry('1'), fileEntry('2'), fileEntry('3'), folder('g', fileEntry('4'))));

    expect(files.map(({ name }) => name)).toEqual(['a.txt', 'f/1', 'f/2', 'f/3', 'f/g/4']);
  });

  it('lose what is hidden in them, but not a hidden file that was dropped by itself', async () => {
    const { files, skipped } = await drop(fileEntry('.env'), folder('f', folder('.git', fileEntry('HEAD')), fileEntry('.DS_Store'), fileEntry('a')));

    expect(files.map(({ name }) => name)).toEqual(['.env', 'f/a']);
    expect(skipped).toBe(2);
  });

  it('may have files that cannot be read', async () => {
    expect(await drop(folder('f', unreadable('a'), fileEntry('b')))).toMatchObject({ files: [{ name: 'f/b' }], unreadable: ['f/a'] });
  });

  it('are the same when they come from the dialog', () => {
    const { files, skipped } = pickedFiles([relative('f/a.txt'), relative('f/.git/HEAD')]);
    expect(files.map(({ name }) => name)).toEqual(['f/a.txt']);
    expect(skipped).toBe(1);
  });
});
