/** What operations are about, by the beginnings of their paths below the base path, or of their whole path. */
export const tags: Readonly<Record<string, Readonly<{ description: string; paths: readonly string[] }>>> = {
  Accounts: { description: 'People, and what they told of themselves', paths: ['/users'] },
  'Signing in': { description: 'Tokens, and how to check them', paths: ['/auth', '/.well-known'] },
  Catalog: { description: 'What is on offer', paths: ['/products', '/categories'] },
  Inventory: { description: 'How much of it is there', paths: ['/inventory'] },
  Cart: { description: 'What somebody is about to order', paths: ['/cart'] },
  Orders: { description: 'Orders and their sagas', paths: ['/orders', '/events'] },
  Payments: { description: 'Payments of orders', paths: ['/payments', '/webhooks'] },
  Shipments: { description: 'Orders on their way', paths: ['/shipments'] },
  Notifications: { description: 'What people were told', paths: ['/notifications'] },
  Screens: { description: 'All that a screen shows, in one call', paths: ['/bff'] },
  Audit: { description: 'What happened, who did it, and whether anybody touched the record since', paths: ['/audit'] },
  Operations: { description: 'Running the platform', paths: ['/admin', '/health', '/metrics'] },
  Description: { description: 'This description', paths: ['/openapi.json'] },
};

/** @throws Error where a path begins like none of those of the tags. */
export const tagOf = (path: string): string => {
  const [tag] = Object.entries(tags).find(([, { paths }]) => paths.some((start) => path.startsWith(start))) ?? [];
  if (tag === undefined) throw new Error(`No tag says what ${path} is about`);
  return tag;
};
