import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { extendBlocks, noBlocks, parseBlocks } from './blocks';
import { Markdown } from './Markdown';
import { withMarks } from './marks';

/** The text as HTML, where every "^" of the source is a mark; marks are shown as [0], [1] and so on. */
function html(source: string): string {
  const pieces = source.split('^');
  const marks = pieces.slice(0, -1).map((_, index) => pieces.slice(0, index + 1).join('').length);
  return renderToStaticMarkup(<Markdown text={pieces.join('')} marks={marks} renderMark={(number) => `[${number}]`} />);
}

describe('Marks in a Markdown text', () => {
  it.each([
    ['One.^ Two.^', '<p>One.[0] Two.[1]</p>'],
    ['One.^^', '<p>One.[0][1]</p>'],
    ['**Bold.**^ And **more^** of it', '<strong>Bold.</strong>[0] And <strong>more[1]</strong>'],
    ['_Soft._^', '<em>Soft.</em>[0]'],
    ['# Title^\n\nText', '>Title[0]</h3>'],
    ['- one^\n- two^', '<li>one[0]</li><li>two[1]</li>'],
    ['> said^', '<p>said[0]</p>'],
    ['| a |\n|---|\n| 1^ |', '<td>1[0]</td>'],
    ['See https://example.com/a^.', '>https://example.com/a</a>[0].'],
    ['[a^](https://example.com)', '>a</a>[0]'],
    ['`code^`', '<code>code</code>[0]'],
  ])('stand where they belong: %j', (source, expected) => {
    expect(html(source)).toContain(expected);
  });

  it.each([
    ['One.\n\n^', '<p>One.[0]</p>'],
    ['One. ^\n\n# Two', '<p>One.[0]'],
    ['One.\n\n^# Two', '<p>One.[0]</p><h3'],
    ['| a |\n|---|\n| 1 |^', '<td>1[0]</td>'],
    ['| a |\n|---|\n| 1 |\n^', '<td>1[0]</td>'],
    ['| a |\n|---|^\n| 1 |', 'a[0]</th>'],
    ['One.\n\n---\n^\nTwo', '<p>One.[0]</p><hr/><p>Two</p>'],
    ['```\ncode\n```^\n\nText', '[0]</p><p>Text</p>'],
    ['<b>raw</b>^', '&lt;b&gt;raw&lt;/b&gt;[0]'],
  ])('change nothing of what the text is: %j', (source, expected) => {
    expect(html(source)).toContain(expected);
  });

  it('cannot be written by a model', () => {
    expect(renderToStaticMarkup(<Markdown text={'One.\uFFFC\uE100'} marks={[4]} renderMark={() => '[mark]'} />)).toBe('<div class="prose markdown"><p>One.[mark]\uFFFD\uE100</p></div>');
  });

  it('come one after the other while the text grows, and it is parsed as if it had always been so', () => {
    const text = 'First **point.** And more.\n\n- one\n- two\n\nThe end.';
    const places = [16, 26, 35, text.length];
    let blocks = noBlocks;
    for (let length = 1; length <= text.length; length++) {
      const marked = withMarks(text.slice(0, length), places.filter((place) => place <= length));
      blocks = extendBlocks(blocks, marked);
      expect(blocks).toEqual(parseBlocks(marked));
    }
  });
});
