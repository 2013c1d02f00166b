/** What was written through a client, by its consistency tokens. */
export type Written = Readonly<{
  /** Takes note of the token of an answer. */
  remember: (headers: Headers) => void;
  /** Asks for an answer that shows it all, unless something else is asked for. */
  ask: (headers: Headers) => void;
}>;

export const createWritten = (): Written => {
  /** The newest token of each category: `<position>.<category>`. */
  const newest = new Map<string, string>();
  return {
    remember: (headers) => {
      for (const pair of headers.get('x-consistency-token')?.split(',') ?? [])
        newest.set(pair.slice(pair.indexOf('.')), pair);
    },
    ask: (headers) => {
      if (newest.size === 0 || headers.has('x-consistency-token')) return;
      headers.set('x-consistency-token', [...newest.values()].join(','));
      if (!headers.has('prefer')) headers.set('prefer', 'wait=30');
    },
  };
};
