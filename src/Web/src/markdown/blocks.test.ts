import { describe, expect, it } from 'vitest';
import { extendBlocks, noBlocks, parseBlocks, type Blocks } from './blocks';

const document = `# Title

A paragraph over
two lines.

- one
- two

  still two

| a | b |
|---|---|
| 1 | 2 |

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`
> quoted
lazily

1. first
2. second

Setext
======

<details>
raw

***

    indented code

End.
`;

describe('extendBlocks', () => {
  it('gives the blocks of the whole text at every step', () => {
    let blocks: Blocks = noBlocks;
    for (let length = 1; length <= document.length; length++) {
      const text = document.slice(0, length);
      blocks = extendBlocks(blocks, text);
      expect(blocks).toEqual(parseBlocks(text));
    }
  });

  it('keeps finished blocks identical', () => {
    const before = extendBlocks(noBlocks, 'One.\n\nTwo');
    const after = extendBlocks(before, 'One.\n\nTwo and more');
    expect(after.tokens[0]).toBe(before.tokens[0]);
  });

  it('starts anew when the text was replaced', () => {
    const before = extendBlocks(noBlocks, 'One.\n\nTwo');
    expect(extendBlocks(before, 'Other.\n\nText')).toEqual(parseBlocks('Other.\n\nText'));
  });

  it('copes with Windows line ends', () => {
    const before = extendBlocks(noBlocks, 'One.\r\n\r\nTwo');
    expect(extendBlocks(before, 'One.\r\n\r\nTwo.\r\n\r\nThree')).toEqual(parseBlocks('One.\n\nTwo.\n\nThree'));
  });
});
