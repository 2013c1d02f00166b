/** Which events of $all a caller wants: those whose stream or type has one of the prefixes, or fits the expression. */
export type Filter = Readonly<{
  on: 'stream' | 'type';
  prefixes: readonly string[];
  /** Asked only when there are no prefixes. */
  regex: RegExp;
}>;

/** Whether the filter lets an event of this stream or type through. */
export const accepts = ({ prefixes, regex }: Filter, name: string): boolean =>
  prefixes.length > 0 ? prefixes.some((prefix) => name.startsWith(prefix)) : regex.test(name);
