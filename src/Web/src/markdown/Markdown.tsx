import { memo, useRef } from 'react';
import { BlockList } from './Block';
import { extendBlocks, noBlocks, parseBlocks, type Blocks } from './blocks';
import './markdown.css';

interface MarkdownProps {
  text: string;
  streaming?: boolean;
}

/** Renders an answer of a model. While it streams, only its last block is parsed and rendered again. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const previous = useRef<Blocks>(noBlocks);
  const blocks = streaming ? extendBlocks(previous.current, text) : parseBlocks(text);
  previous.current = blocks;
  return (
    <div className="prose markdown">
      <BlockList tokens={blocks.tokens} open={streaming} />
    </div>
  );
});
