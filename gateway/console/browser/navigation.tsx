import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const moved = 'console:moved';

/** The address as it stands; whoever uses it is drawn again when it changes. */
export const useAddress = (): URL => {
  const [address, setAddress] = useState(() => new URL(location.href));
  useEffect(() => {
    const look = () => setAddress(new URL(location.href));
    const names = ['popstate', moved];
    for (const name of names) addEventListener(name, look);
    return () => {
      for (const name of names) removeEventListener(name, look);
    };
  }, []);
  return address;
};

/** Goes to another page of the console. */
export const go = (to: string): void => {
  history.pushState(null, '', to);
  dispatchEvent(new Event(moved));
};

type LinkProps = Readonly<{ to: string; children: ComponentChildren; isCurrent?: boolean; class?: string }>;

/** A link to a page of the console, which is not loaded anew. */
export const Link = ({ to, isCurrent = false, children, ...rest }: LinkProps) => {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} {...(isCurrent && { 'aria-current': 'page' })} {...rest}>
      {children}
    </a>
  );
};

/** A link to another site, which learns nothing of where it was followed. */
export const OutsideLink = ({ to, children }: Readonly<{ to: string; children: ComponentChildren }>) => (
  <a href={to} target="_blank" rel="noreferrer noopener">
    {children}
    <span aria-hidden="true"> ↗</span>
    <span class="unseen"> (opens in a new tab)</span>
  </a>
);
