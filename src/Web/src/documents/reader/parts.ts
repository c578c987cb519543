import type { TextBlock } from '../../api/documentWire';
import type { Range } from './findQuote';

/** Some text, and what of it is quoted. */
export interface Stretch {
  text: string;
  quoted?: Range;
}

/** What a page consists of for the eye: items and rows that follow each other are one list, one table. */
export type Part =
  | ({ kind: 'heading'; level: number } & Stretch)
  | ({ kind: 'paragraph' | 'code' | 'note' } & Stretch)
  | { kind: 'list'; items: Stretch[] }
  /** A row that is quoted from is quoted whole: its cells are not in the order of the text. The head is row -1. */
  | { kind: 'table'; columns: string[]; rows: string[][]; quotedRows?: number[] };

const separator = ' | ';

export function partsOf(blocks: TextBlock[], quote: Range | null = null): Part[] {
  const parts: Part[] = [];
  for (const { kind, text, level, start } of blocks) {
    const last = parts.at(-1);
    const quoted = quote && within(quote, start, text.length);
    const stretch: Stretch = quoted ? { text, quoted } : { text };
    switch (kind) {
      case 'heading':
        parts.push({ kind, level: level ?? 1, ...stretch });
        break;
      case 'list_item':
        if (last?.kind === 'list') last.items.push(stretch);
        else parts.push({ kind: 'list', items: [stretch] });
        break;
      case 'table_header':
        parts.push({ kind: 'table', columns: text.split(separator), rows: [], ...(quoted ? { quotedRows: [-1] } : {}) });
        break;
      case 'table_row':
        if (last?.kind === 'table') {
          if (quoted) last.quotedRows = [...(last.quotedRows ?? []), last.rows.length];
          last.rows.push(cellsOf(text, last.columns));
        } else parts.push({ kind: 'table', columns: [], rows: [cellsOf(text, [])], ...(quoted ? { quotedRows: [0] } : {}) });
        break;
      case 'code':
      case 'note':
        parts.push({ kind, ...stretch });
        break;
      default:
        parts.push({ kind: 'paragraph', ...stretch });
    }
  }
  return parts;
}

function within({ start, end }: Range, position: number, length: number): Range | null {
  const [from, to] = [Math.max(start - position, 0), Math.min(end - position, length)];
  return from < to ? { start: from, end: to } : null;
}

/**
 * The cells of a row in the order of the columns. A row says its columns itself ("Name: Ada | Born: 1815") and leaves out empty cells; what begins with
 * no column's name belongs to the cell before it.
 */
function cellsOf(row: string, columns: string[]): string[] {
  const pieces = row.split(separator);
  if (columns.length === 0) return pieces;
  const cells = columns.map(() => '');
  let at = -1;
  for (const piece of pieces) {
    const column = columns.findIndex((name, index) => index > at && piece.startsWith(`${name}: `));
    if (column >= 0) cells[(at = column)] = piece.slice(columns[column]!.length + 2);
    else if (at < 0) return pieces;
    else cells[at] += separator + piece;
  }
  return cells;
}
