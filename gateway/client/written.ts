/** What was written through a client, by its consistency tokens. */
export type Written = Readonly<{
  /** Takes note of the token of an answer. */
  remember: (headers: Headers) => void;
  /** Asks for an answer that shows it all, unless something else is asked for. */
  ask: (headers: Headers) => void;
}>;

export const createWritten = (): Written => {
  /** The furthest position of each category; answers may come in another order than they were written in. */
  const furthest = new Map<string, bigint>();
  return {
    remember: (headers) => {
      for (const token of headers.get('x-consistency-token')?.split(',') ?? []) {
        const [, position = '0', category = ''] = /^(\d+)\.(.*)$/.exec(token) ?? [];
        if (BigInt(position) > (furthest.get(category) ?? 0n)) furthest.set(category, BigInt(position));
      }
    },
    ask: (headers) => {
      if (furthest.size === 0 || headers.has('x-consistency-token')) return;
      headers.set(
        'x-consistency-token',
        [...furthest].map(([category, position]) => `${position}.${category}`).join(','),
      );
      if (!headers.has('prefer')) headers.set('prefer', 'wait=30');
    },
  };
};
