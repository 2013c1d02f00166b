import { tagOf } from '../http/conditional.js';
import { bareRoute, type Route } from '../http/route.js';
import { readAssets, versionOf } from './assets.js';
import { pagePatterns } from './browser/pages.js';
import { consolePage } from './page.js';
import type { ConsoleSettings } from './settings.js';

/** The console: one page at many addresses and the files it is made of. It is a caller of the API, not a part of it. */
export const consoleRoutes = (settings: ConsoleSettings): readonly Route[] => {
  const assets = readAssets();
  const base = `/console/assets/${versionOf(assets)}/`;
  const { html, policy } = consolePage(base, assets);
  const pageHeaders = {
    ...asked,
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
  return [
    ...pagePatterns.map((pattern) => textRoute(pattern, 'text/html; charset=utf-8', html, pageHeaders)),
    textRoute('/console/settings.json', 'application/json', JSON.stringify(settings), asked),
    ...assets.map(({ name, mediaType, text }) => textRoute(base + name, mediaType, text, kept)),
  ];
};

/** Browsers ask each time whether there is another. */
const asked = { 'Cache-Control': 'no-cache' };

/** What lies at such an address never changes. */
const kept = { 'Cache-Control': 'public, max-age=31536000, immutable' };

/** Serves a text that stays the same while this process runs. */
const textRoute = (
  pattern: string,
  mediaType: string,
  text: string,
  headers: Readonly<Record<string, string>>,
): Route => {
  const answers = { status: 200, mediaType, headers: ['ETag'] } as const;
  const answer = { status: 200, headers: { ...headers, 'content-type': mediaType, ETag: tagOf(text) }, body: text };
  return bareRoute('GET', pattern, { id: pattern, summary: 'A part of the console', answers }, () =>
    Promise.resolve(answer),
  );
};
