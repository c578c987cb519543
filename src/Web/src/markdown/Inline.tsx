import type { Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { safeHref } from './links';
import { MarkedText, MarksOf } from './MarkContext';
import { marksIn, readable, withoutMarks } from './marks';

/** Text within a block. Everything becomes a React element or plain text: nothing is ever interpreted as HTML. */
export function Inline({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{renderInline(token)}</Fragment>);
}

function renderInline(token: Token): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : <MarkedText text={token.text as string} />;
    case 'escape':
      return token.text as string;
    case 'strong':
      return <strong><Inline tokens={token.tokens} /></strong>;
    case 'em':
      return <em><Inline tokens={token.tokens} /></em>;
    case 'del':
      return <del><Inline tokens={token.tokens} /></del>;
    case 'codespan':
      return <><code>{withoutMarks(token.text as string)}</code><MarksOf raw={token.raw} /></>;
    case 'br':
      return <br />;
    case 'link':
      return <LinkWithMarks link={token as Tokens.Link} />;
    case 'image':
      return <ImageLink image={token as Tokens.Image} />;
    case 'checkbox':
      return <Checkbox checked={Boolean((token as Tokens.Checkbox).checked)} />;
    default:
      return <><>{withoutMarks(token.raw)}</><MarksOf raw={token.raw} /></>; // Raw HTML is shown as the text it is.
  }
}

/** An address takes in whatever follows it directly, so marks are taken out of it and follow the link. */
function LinkWithMarks({ link }: { link: Tokens.Link }) {
  const isBare = link.raw.startsWith(link.text);
  const content = isBare || marksIn(link.raw).length > 0 ? readable(link.text) : <Inline tokens={link.tokens} />;
  return <><SafeLink href={link.href}>{content}</SafeLink><MarksOf raw={link.raw} /></>;
}

/** Opened only by whoever follows it, who sees beforehand where it leads. */
function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const address = safeHref(readable(href));
  if (!address) return <span>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      {children}
    </a>
  );
}

/** An image of a foreign host would tell it who reads the answer, and what an address can hold of it: it is offered as a link that names the host. */
function ImageLink({ image }: { image: Tokens.Image }) {
  const address = safeHref(readable(image.href));
  const host = address ? new URL(address).host : '';
  const text = readable(image.text);
  const label = host === '' ? text || 'Image' : text === '' ? `Image at ${host}` : `${text} (image at ${host})`;
  return <><SafeLink href={image.href}>{label}</SafeLink><MarksOf raw={image.raw} /></>;
}

function Checkbox({ checked }: { checked: boolean }) {
  return <input type="checkbox" checked={checked} disabled readOnly aria-label={checked ? 'Done' : 'Not done'} />;
}
