import { decodeNamedCharacterReference } from 'decode-named-character-reference';

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][\da-zA-Z]{1,31}));/g;

/** Turns `&amp;`, `&#8212;` and the like into their characters; the parser leaves them as written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(reference, (written, decimal?: string, hex?: string, name?: string) => {
    if (name) return decodeNamedCharacterReference(name) || written;
    return fromCodePoint(decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '0', 16));
  });
}

function fromCodePoint(code: number): string {
  const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? String.fromCodePoint(code) : '\uFFFD';
}
