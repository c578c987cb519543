import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

const toleranceInPixels = 48;

interface StickToEnd {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
}

/** Keeps the end of a growing content in view, until the reader scrolls away from it. A new `anchor` returns to the end. */
export function useStickToEnd(anchor: string | null): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [isAtEnd, setIsAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    sticks.current = true;
    setIsAtEnd(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (anchor) toEnd();
  }, [anchor, toEnd]);

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
      setIsAtEnd(sticks.current);
    };
    const growth = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
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
