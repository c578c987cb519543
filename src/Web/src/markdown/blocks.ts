import { Lexer, type Token } from 'marked';

/** The top-level blocks of a Markdown text. Blocks that did not change keep their identity, so they need no new rendering. */
export interface Blocks {
  tokens: Token[];
}

export const noBlocks: Blocks = { tokens: [] };

const lex = (text: string): Token[] => [...Lexer.lex(text, { gfm: true, breaks: true })];
const unixLines = (text: string): string => (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text);

/** All of a finished text, with the links it defines anywhere. */
export const parseBlocks = (text: string): Blocks => ({ tokens: lex(unixLines(text)) });

/**
 * Parses a text that grows at its end: only the last block can still change, so only that is parsed again.
 * (What follows a block can never change it, links that are defined further down excepted.)
 */
export function extendBlocks(previous: Blocks, text: string): Blocks {
  const whole = unixLines(text);
  const finished = previous.tokens.slice(0, lastBlockIndex(previous.tokens));
  const prefix = finished.map((token) => token.raw).join('');
  if (finished.length === 0 || !whole.startsWith(prefix)) return { tokens: lex(whole) };
  return { tokens: [...finished, ...lex(whole.slice(prefix.length))] };
}

function lastBlockIndex(tokens: Token[]): number {
  const index = tokens.findLastIndex((token) => token.type !== 'space');
  return Math.max(index, 0);
}
