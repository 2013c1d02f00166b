import { readConfig } from './config.js';

const originsIn = (CORS_ORIGINS: string) => readConfig({ CORS_ORIGINS }).CORS_ORIGINS;

describe('origins of other pages', () => {
  it('are none unless they are named', () => {
    expect(readConfig({}).CORS_ORIGINS).toEqual([]);
    expect(originsIn('')).toEqual([]);
    expect(originsIn('https://shop.example, http://127.0.0.1:3000')).toEqual([
      'https://shop.example',
      'http://127.0.0.1:3000',
    ]);
  });

  it.each([
    '*',
    'null',
    'shop.example',
    'https://shop.example/',
    'https://shop.example/a',
    'https://a.example,,',
    'a,b',
  ])('are refused where they could never match, or would match all: %s', (origins) => {
    expect(() => originsIn(origins)).toThrow(/CORS_ORIGINS must be origins/);
  });
});

it('a token for metrics that can be guessed is refused', () => {
  expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow(/METRICS_TOKEN must have at least 16 characters/);
});

describe('trusted proxies', () => {
  const proxiesIn = (TRUSTED_PROXIES: string) => readConfig({ TRUSTED_PROXIES }).TRUSTED_PROXIES;

  it('are addresses and networks, and none unless they are named', () => {
    expect(proxiesIn('')).toEqual([]);
    expect(proxiesIn('10.0.0.0/8, ::1,2001:db8::/32')).toEqual(['10.0.0.0/8', '::1', '2001:db8::/32']);
  });

  it.each(['*', 'proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '10.0.0.1,'])(
    'are refused where they are none: %s',
    (proxies) => expect(() => proxiesIn(proxies)).toThrow(/TRUSTED_PROXIES must be addresses or networks/),
  );
});
