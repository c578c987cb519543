import type { Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { decodeEntities } from './entities';
import { safeHref } from './links';

/** Text within a block. Everything becomes a React element or plain text: nothing is ever interpreted as HTML. */
export function Inline({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{renderInline(token)}</Fragment>);
}

function renderInline(token: Token): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : decodeEntities(token.text as string);
    case 'escape':
      return token.text as string;
    case 'strong':
      return <strong><Inline tokens={token.tokens} /></strong>;
    case 'em':
      return <em><Inline tokens={token.tokens} /></em>;
    case 'del':
      return <del><Inline tokens={token.tokens} /></del>;
    case 'codespan':
      return <code>{token.text as string}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <SafeLink href={token.href as string}><Inline tokens={token.tokens} /></SafeLink>;
    case 'image':
      return <ImageLink image={token as Tokens.Image} />;
    case 'checkbox':
      return <Checkbox checked={Boolean((token as Tokens.Checkbox).checked)} />;
    default:
      return token.raw; // Raw HTML is shown as the text it is.
  }
}

function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  const address = safeHref(decodeEntities(href));
  if (!address) return <span>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** An image of a foreign host would tell it who reads the answer, so it is offered as a link. */
function ImageLink({ image }: { image: Tokens.Image }) {
  return <SafeLink href={image.href}>{decodeEntities(image.text) || image.href}</SafeLink>;
}

function Checkbox({ checked }: { checked: boolean }) {
  return <input type="checkbox" checked={checked} disabled readOnly aria-label={checked ? 'Done' : 'Not done'} />;
}
