import { memo, useRef, type ReactNode } from 'react';
import { BlockList } from './Block';
import { extendBlocks, noBlocks, parseBlocks, type Blocks } from './blocks';
import { MarkContext } from './MarkContext';
import { withMarks } from './marks';
import './markdown.css';

interface MarkdownProps {
  text: string;
  streaming?: boolean;
  /** Places of the text where something is shown, in its order. */
  marks?: readonly number[];
  renderMark?: (number: number) => ReactNode;
}

const noMarks: number[] = [];
const nothing = () => null;

/** Renders an answer of a model. While it streams, only its last block is parsed and rendered again. */
export const Markdown = memo(function Markdown({ text, streaming = false, marks = noMarks, renderMark = nothing }: MarkdownProps) {
  const previous = useRef<Blocks>(noBlocks);
  const marked = withMarks(text, marks);
  const blocks = streaming ? extendBlocks(previous.current, marked) : parseBlocks(marked);
  previous.current = blocks;
  return (
    <MarkContext value={renderMark}>
      <div className="prose markdown">
        <BlockList tokens={blocks.tokens} open={streaming} />
      </div>
    </MarkContext>
  );
});
