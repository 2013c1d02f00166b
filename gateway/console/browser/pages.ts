/** The addresses of the console's pages: every one of them serves the same HTML, whose script shows the page. */
export const pagePatterns = [
  '/console',
  '/console/orders',
  '/console/orders/:id',
  '/console/sagas',
  '/console/projections',
  '/console/projections/:name',
  '/console/streams',
  '/console/streams/:stream',
  '/console/correlations/:id',
  '/console/replays',
  '/console/replays/:id',
  '/console/audit',
] as const;

export type PagePattern = (typeof pagePatterns)[number];

/** A page, and what its address names. */
export type PageAt = Readonly<{ pattern: PagePattern; named: string }>;

/** The page at a path; `null` where there is none. */
export const pageAt = (path: string): PageAt | null => {
  for (const pattern of pagePatterns) {
    const [, named] = expressionOf(pattern).exec(path) ?? [];
    if (named !== undefined) return { pattern, named: decoded(named) };
  }
  return null;
};

/** The path of a page. */
export const pathOf = (pattern: PagePattern, named = ''): string => pattern.replace(/:\w+/, encodeURIComponent(named));

const expressionOf = (pattern: PagePattern) =>
  new RegExp(`^${pattern.includes(':') ? pattern.replace(/:\w+/, '([^/]+)') : `${pattern}()`}$`);

/** As it stands where it is not an encoding of anything. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
