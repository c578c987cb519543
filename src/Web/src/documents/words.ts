const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** 1536 as "1.5 KB". */
export function sizeInWords(bytes: number): string {
  if (bytes === 1) return '1 byte';
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? Number(value.toFixed(1)) : Math.round(value).toLocaleString('en')} ${units[power]}`;
}

export const count = (number: number, noun: string): string => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

export const percent = (fraction: number): number => Math.round(Math.min(Math.max(fraction, 0), 1) * 100);
