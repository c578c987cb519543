import type { ElementContent, RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';
import { Fragment, type ReactNode } from 'react';

const lowlight = createLowlight(common);

/** Beyond this size colouring would be felt, and nobody reads that much code here. */
const maximumLength = 50_000;

/** The code as coloured elements, or null for a language that is not known. */
export function highlight(code: string, language: string): ReactNode {
  if (code.length > maximumLength || !lowlight.registered(language)) return null;
  return lowlight.highlight(language, code).children.map(toReact);
}

function toReact(node: RootContent | ElementContent, index: number): ReactNode {
  if (node.type === 'text') return <Fragment key={index}>{node.value}</Fragment>;
  if (node.type !== 'element') return null;
  const classes = node.properties.className;
  return (
    <span key={index} className={Array.isArray(classes) ? classes.join(' ') : undefined}>
      {node.children.map(toReact)}
    </span>
  );
}
