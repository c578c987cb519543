import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

const toleranceInPixels = 48;

/** How far above the end somebody was reading when they went to another page, say to the source of an answer: there they come back to. */
const places = new Map<string, number>();

interface StickToEnd {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
}

/**
 * Keeps the end of a growing content in view, until the reader scrolls away from it; a new `anchor` returns to the end.
 * When content is added before `first`, what the reader sees stays where it is. `name` is that of the content.
 */
export function useStickToEnd(name: string, anchor: string | null, first: string | undefined): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(!places.has(name));
  const topToEnd = useRef(places.get(name) ?? 0);
  const [isAtEnd, setIsAtEnd] = useState(sticks.current);

  useEffect(
    () => () => {
      if (sticks.current) places.delete(name);
      else places.set(name, topToEnd.current);
    },
    [name],
  );

  const toEnd = useCallback(() => {
    sticks.current = true;
    setIsAtEnd(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (anchor) toEnd();
  }, [anchor, toEnd]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && !sticks.current) element.scrollTop = element.scrollHeight - topToEnd.current;
  }, [first]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (!element || !inner) return;
    let lastTop = element.scrollTop;
    const onScroll = () => {
      const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
      // Growing content moves the end away without any scrolling: only the reader moves up.
      if (element.scrollTop < lastTop - 1 && distance > toleranceInPixels) sticks.current = false;
      if (distance <= toleranceInPixels) sticks.current = true;
      lastTop = element.scrollTop;
      topToEnd.current = element.scrollHeight - element.scrollTop;
      setIsAtEnd(sticks.current);
    };
    const growth = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
      topToEnd.current = element.scrollHeight - element.scrollTop;
    });
    growth.observe(inner);
    growth.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      growth.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, content, isAtEnd, toEnd };
}
