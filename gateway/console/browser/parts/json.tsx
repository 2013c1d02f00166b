/** Data as it is. */
export const Json = ({ of }: Readonly<{ of: unknown }>) => (
  <pre tabIndex={0}>{typeof of === 'string' ? of : JSON.stringify(of, null, 2)}</pre>
);
