import { createContext, Fragment, useContext, type ReactNode } from 'react';
import { decodeEntities } from './entities';
import { marksIn, splitMarks } from './marks';

/** Renders the mark of a number. */
export const MarkContext = createContext<(number: number) => ReactNode>(() => null);

function Mark({ number }: { number: number }) {
  return useContext(MarkContext)(number);
}

/** Text with the marks in it. */
export function MarkedText({ text }: { text: string }): ReactNode {
  return splitMarks(text).map((piece, index) => <Fragment key={index}>{typeof piece === 'number' ? <Mark number={piece} /> : decodeEntities(piece)}</Fragment>);
}

/** The marks within something that cannot show them inside of it: they follow it. */
export function MarksOf({ raw }: { raw: string }): ReactNode {
  return marksIn(raw).map((number) => <Mark key={number} number={number} />);
}
