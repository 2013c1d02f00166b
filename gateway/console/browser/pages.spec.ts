import { pageAt, pagePatterns, pathOf } from './pages.js';

it.each([
  ['/console', { pattern: '/console', named: '' }],
  ['/console/orders', { pattern: '/console/orders', named: '' }],
  ['/console/orders/o1', { pattern: '/console/orders/:id', named: 'o1' }],
  ['/console/streams/stock-a%2Fb', { pattern: '/console/streams/:stream', named: 'stock-a/b' }],
  ['/console/streams/100%', { pattern: '/console/streams/:stream', named: '100%' }],
])('%s is a page', (path, page) => expect(pageAt(path)).toEqual(page));

it.each(['/', '/console/', '/consoles', '/console/orders/', '/console/orders/o1/x', '/api/console', '/console/users'])(
  '%s is none',
  (path) => expect(pageAt(path)).toBeNull(),
);

it('leads from every path to its page and back', () => {
  for (const pattern of pagePatterns) {
    const named = pattern.includes(':') ? 'a/b ?#%ü' : '';
    expect(pageAt(pathOf(pattern, named))).toEqual({ pattern, named });
  }
});
