import { hash } from 'node:crypto';
import { packageAddresses, type Asset } from './assets.js';

/** The HTML of every page, and the policy under which it runs. */
export type ConsolePage = Readonly<{ html: string; policy: string }>;

/** @param base where the assets are, with a slash at its end. */
export const consolePage = (base: string, assets: readonly Asset[]): ConsolePage => {
  const addresses = Object.entries(packageAddresses).map(([name, path]) => [name, base + path]);
  const importMap = JSON.stringify({ imports: Object.fromEntries(addresses) as unknown });
  const browser = `${base}console/browser`;
  // Without this a browser learns of each module only from the one that imports it.
  const modules = assets.filter(({ mediaType }) => mediaType.startsWith('text/javascript'));
  const preloads = modules.map(({ name }) => `    <link rel="modulepreload" href="${base}${name}" />`);
  const sheets = assets
    .filter(({ mediaType }) => mediaType.startsWith('text/css'))
    .map(({ name }) => `    <link rel="stylesheet" href="${base}${name}" />`);
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Evermart console</title>
${sheets.join('\n')}
    <link rel="icon" href="${browser}/icon.svg" />
    <script type="importmap">${importMap}</script>
${preloads.join('\n')}
    <script type="module" src="${browser}/main.js"></script>
  </head>
  <body>
    <noscript>The console needs JavaScript. Everything it shows is in the API as well, described at /docs.</noscript>
  </body>
</html>
`;
  return { html, policy: policyWith(hash('sha256', importMap, 'base64')) };
};

/** Scripts of this origin and the one import map; no script may turn text into HTML (Trusted Types). */
const policyWith = (importMapHash: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${importMapHash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
