import type { TextBlock } from '../../api/documentWire';

/** What a page consists of for the eye: items and rows that follow each other are one list, one table. */
export type Part =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph' | 'code' | 'note'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; columns: string[]; rows: string[][] };

const separator = ' | ';

export function partsOf(blocks: TextBlock[]): Part[] {
  const parts: Part[] = [];
  for (const { kind, text, level } of blocks) {
    const last = parts.at(-1);
    switch (kind) {
      case 'heading':
        parts.push({ kind, level: level ?? 1, text });
        break;
      case 'list_item':
        if (last?.kind === 'list') last.items.push(text);
        else parts.push({ kind: 'list', items: [text] });
        break;
      case 'table_header':
        parts.push({ kind: 'table', columns: text.split(separator), rows: [] });
        break;
      case 'table_row':
        if (last?.kind === 'table') last.rows.push(cellsOf(text, last.columns));
        else parts.push({ kind: 'table', columns: [], rows: [cellsOf(text, [])] });
        break;
      case 'code':
      case 'note':
        parts.push({ kind, text });
        break;
      default:
        parts.push({ kind: 'paragraph', text });
    }
  }
  return parts;
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
