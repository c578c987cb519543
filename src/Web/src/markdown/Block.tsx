import type { Token, Tokens } from 'marked';
import { memo, type ReactNode } from 'react';
import { CodeBlock } from './CodeBlock';
import { Inline } from './Inline';
import { MarksOf } from './MarkContext';
import { marksIn, withoutMarks } from './marks';

interface BlockProps {
  token: Token;
  /** The text still grows at the end of this block. */
  open: boolean;
}

export const Block = memo(function Block({ token, open }: BlockProps): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return <Heading token={token as Tokens.Heading} />;
    case 'paragraph':
      return <p><Inline tokens={token.tokens} /></p>;
    case 'blockquote':
      return <blockquote><BlockList tokens={token.tokens ?? []} open={open} /></blockquote>;
    case 'list':
      return <List list={token as Tokens.List} open={open} />;
    case 'code':
      return <Code token={token as Tokens.Code} open={open} />;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    case 'html':
      return <p className="markdown-raw">{withoutMarks(token.raw.trimEnd())}<MarksOf raw={token.raw} /></p>;
    default:
      return <Inline tokens={[token]} />;
  }
});

export function BlockList({ tokens, open }: { tokens: Token[]; open: boolean }): ReactNode {
  return tokens.map((token, index) => <Block key={index} token={token} open={open && index === tokens.length - 1} />);
}

function Code({ token, open }: { token: Tokens.Code; open: boolean }) {
  const language = withoutMarks((token.lang ?? '').split(/\s/)[0] ?? '');
  return (
    <>
      <CodeBlock code={withoutMarks(token.text)} language={language} open={open} />
      {marksIn(token.raw).length > 0 && <p><MarksOf raw={token.raw} /></p>}
    </>
  );
}

/** The page's own headings are above those of an answer, so these start two levels down. */
function Heading({ token }: { token: Tokens.Heading }) {
  const Level = `h${Math.min(token.depth + 2, 6)}` as 'h3' | 'h4' | 'h5' | 'h6';
  return (
    <Level className={`heading-${token.depth}`}>
      <Inline tokens={token.tokens} />
    </Level>
  );
}

function List({ list, open }: { list: Tokens.List; open: boolean }) {
  const items = list.items.map((item, index) => (
    <li key={index} className={item.task ? 'task' : undefined}>
      <BlockList tokens={item.tokens} open={open && index === list.items.length - 1} />
    </li>
  ));
  return list.ordered ? <ol start={Number(list.start) || 0}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { table: Tokens.Table }) {
  const align = (index: number) => ({ textAlign: table.align[index] ?? undefined }) as const;
  return (
    // Focusable, so that a wide table can be scrolled with the keyboard.
    <div className="table-scroll" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={align(index)}><Inline tokens={cell.tokens} /></th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                <td key={index} style={align(index)}><Inline tokens={cell.tokens} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
