import { useEffect, useRef, useState } from 'preact/hooks';

/** A value that follows another at most once in so many milliseconds, so that a burst is one change. */
export const useAtMostEvery = <Value>(ms: number, value: Value): Value => {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  latest.current = value;
  const isBehind = shown !== value;
  useEffect(() => {
    if (!isBehind) return undefined;
    const timer = setTimeout(() => setShown(latest.current), ms);
    return () => clearTimeout(timer);
  }, [isBehind, ms]);
  return shown;
};
