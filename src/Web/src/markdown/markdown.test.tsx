import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from './Markdown';

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} />);

describe('Markdown', () => {
  it('renders the usual blocks and inline styles', () => {
    const result = html('# Title\n\nSome **bold**, *soft*, ~~gone~~ and `code`.\n\n1. one\n   - two\n\n> quoted');
    for (const part of ['<h3', '<strong>bold</strong>', '<em>soft</em>', '<del>gone</del>', '<code>code</code>', '<ol', '<ul', '<blockquote>'])
      expect(result).toContain(part);
  });

  it('renders tables with their alignment', () => {
    const result = html('| a | b |\n|---|--:|\n| 1 | 2 |');
    expect(result).toContain('<th scope="col" style="text-align:right">b</th>');
    expect(result).toContain('<td>1</td>');
  });

  it('shows code as it is written', () => {
    expect(html('```html\n<b>&amp;</b>\n```')).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
  });

  it('decodes character references in text', () => {
    expect(html('&copy; 1 &lt; 2 &#8212; &#x41; \\&copy; &unknown; &#0;')).toContain('© 1 &lt; 2 — A &amp;copy; &amp;unknown; \uFFFD');
  });

  it.each([
    '<script>alert(1)</script>',
    'text <img src=x onerror=alert(1)> text',
    '<div onclick="alert(1)">\n\nx\n\n</div>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<svg/onload=alert(1)>',
    '| <b>a</b> |\n|---|\n| <i onclick=x>b</i> |',
  ])('never lets HTML through: %s', (text) => {
    expect(html(text)).not.toMatch(/<(script|img|svg|b|i)\b|<div onclick/i);
  });

  it('opens links outside of the page, without telling where they were followed from', () => {
    expect(html('[a](https://example.com/?x=1&amp;y=2)')).toContain(
      '<a href="https://example.com/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer nofollow" title="https://example.com/?x=1&amp;y=2">a</a>',
    );
    expect(html('see https://example.com and me@example.com')).toMatch(/href="https:\/\/example\.com\/".*href="mailto:me@example\.com"/);
  });

  it.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](javascript&#58;alert(1))',
    '[a](java&#10;script:alert(1))',
    '[a](&#x20;javascript:alert(1))',
    '[a](data:text/html;base64,PHNjcmlwdD4=)',
    '[a](vbscript:x)',
    '[a](file:///etc/passwd)',
    '[a](/api/session)',
    '[a](//example.com)',
    '<javascript:alert(1)>',
    '![a](javascript:alert(1))',
    '[a][1]\n\n[1]: javascript:alert(1)',
  ])('follows no other kind of link: %s', (text) => {
    expect(html(text)).not.toContain('href');
  });

  it.each([
    ['![a chart](https://example.com/x.png)', 'a chart (image at example.com)'],
    ['![](https://example.com/x.png?d=secret)', 'Image at example.com'],
    ['![a][1]\n\n[1]: https://example.com/x.png', 'a (image at example.com)'],
    ['![pic][]\n\n[pic]: <https://example.com/x.png> "title"', 'pic (image at example.com)'],
    ['![pic]\n\n[pic]:\n  https://example.com/x.png', 'pic (image at example.com)'],
    ['![a](<https://example.com/x y.png>)', 'a (image at example.com)'],
    ['![a](  https://example.com/x.png  "t"  )', 'a (image at example.com)'],
    ['![a](https&#58;//example.com/x.png)', 'a (image at example.com)'],
    ['[![a](https://example.com/x.png)](https://example.org)', 'a (image at example.com)'],
    ['![a](data:image/svg+xml;base64,PHN2Zz4=)', 'a'],
    ['![a](//example.com/x.png)', 'a'],
    ['![a](/v1/files)', 'a'],
  ])('loads no image, and says where it is: %s', (text, label) => {
    const result = html(text);
    expect(result).toContain(label);
    expect(result).not.toMatch(/<(?!\/?(?:div|p|a|span)\b)|src|style=|url\(/);
  });

  it.each([
    '<img src=https://example.com/x.png>',
    '<IMG SRC = https://example.com/x.png />',
    'a <img\nsrc="https://example.com/x.png"> b',
    '<picture><source srcset="https://example.com/x.png"></picture>',
    '<svg><image href="https://example.com/x.png"/></svg>',
    '<link rel=prefetch href=https://example.com>',
    '<p style="background:url(https://example.com/x.png)">',
    '<a href="https://example.com" ping="https://example.com">x</a>',
    '<meta http-equiv=refresh content="0;url=https://example.com">',
    '<iframe src=https://example.com></iframe>',
    '<video poster=https://example.com/x.png>',
    '```html\n<img src=https://example.com/x.png>\n```',
  ])('shows HTML that would load something as the text it is: %s', (text) => {
    const elements = new Set([...html(text).matchAll(/<(\w+)([^>]*)>/g)].map(([, name]) => name));
    for (const name of elements) expect(['div', 'p', 'br', 'pre', 'code', 'span', 'button', 'svg', 'path', 'a']).toContain(name);
    expect(html(text)).not.toMatch(/<[^>]*\s(src|srcset|poster|ping|style)=/);
    // An address in the text is a link that waits to be followed.
    expect(html(text).replaceAll(/<a href="[^"]*" target="_blank" rel="noopener noreferrer nofollow" title="[^"]*">/g, '')).not.toMatch(/<[^>]*href=/);
  });
});
