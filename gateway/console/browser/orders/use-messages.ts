import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../console.js';
import type { OrderMessage } from './order-api.js';

/** How a stream of messages stands: how often it was connected, whether it is, and why it will not be any more. */
export type Following = Readonly<{ connections: number; isLive: boolean; problem: unknown }>;

/**
 * Hears of orders as they change for as long as its part is shown. Who has an answer from before the first connection
 * asks again then: what happened in between is told by nobody.
 */
export const useMessages = (path: string, hear: (message: OrderMessage) => void): Following => {
  const { api } = useConsole();
  const [following, setFollowing] = useState<Following>(nothing);
  const latest = useRef(hear);
  latest.current = hear;

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const hears = {
      onConnecting: () => setFollowing((before) => ({ ...before, isLive: false })),
      onOpen: () => setFollowing(({ connections }) => ({ ...nothing, connections: connections + 1, isLive: true })),
    };
    const follow = async () => {
      for await (const { data } of api.follow(path, hears, { signal }))
        latest.current(JSON.parse(data) as OrderMessage);
    };
    follow().catch((problem: unknown) => {
      if (!signal.aborted) setFollowing((before) => ({ ...before, isLive: false, problem }));
    });
    return () => leaving.abort();
  }, [api, path]);
  return following;
};

const nothing: Following = { connections: 0, isLive: false, problem: undefined };
