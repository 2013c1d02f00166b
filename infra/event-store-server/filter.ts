/** Which events of $all a caller wants. An event matches when one of the prefixes or the expression does. */
export type Filter = Readonly<{
  on: 'stream' | 'type';
  prefixes: readonly string[];
  /** Asked only when there are no prefixes. */
  regex: RegExp;
}>;

/** Whether the filter lets an event of this stream and type through. */
export const matches = (
  { on, prefixes, regex }: Filter,
  event: Readonly<{ stream: string; type: string }>,
): boolean => {
  const name = event[on];
  return prefixes.length > 0 ? prefixes.some((prefix) => name.startsWith(prefix)) : regex.test(name);
};
