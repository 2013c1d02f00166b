import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { builtEntry } from '../../infra/engines/installation.js';

/** A file that a page is made of. `name` is its path below the folder of the assets. */
export type Asset = Readonly<{ name: string; mediaType: string; text: string }>;

/** Files keep their place beside each other, so that what they import by a relative path is found. */
export const readAssets = (): readonly Asset[] => [
  ...browserFiles().map((name) => asset(`console/browser/${name}`, builtEntry(`gateway/console/browser/${name}`))),
  ...clientFiles.map((name) => asset(`client/${name}`, builtEntry(`gateway/client/${name}`))),
  ...packageFiles.map(([name, file]) => asset(`packages/${name}/${file}`, join(folderOf(name), file))),
];

/** Tells one state of all assets from another: it stands in their address, so that browsers may keep them for good. */
export const versionOf = (assets: readonly Asset[]): string =>
  hash('sha256', assets.map(({ name, text }) => `${name}\n${text}`).join('\n'), 'hex').slice(0, 12);

/** Which address each name of a package stands for. */
export const packageAddresses = {
  preact: 'packages/preact/dist/preact.mjs',
  'preact/hooks': 'packages/preact/hooks/dist/hooks.mjs',
  'preact/jsx-runtime': 'packages/preact/jsx-runtime/dist/jsxRuntime.mjs',
  'eventsource-parser/stream': 'packages/eventsource-parser/dist/stream.js',
} as const;

const packageFiles = [
  ['preact', 'dist/preact.mjs'],
  ['preact', 'hooks/dist/hooks.mjs'],
  ['preact', 'jsx-runtime/dist/jsxRuntime.mjs'],
  ['eventsource-parser', 'dist/stream.js'],
  ['eventsource-parser', 'dist/index.js'],
] as const;

/** What the console uses of the TypeScript client. */
const clientFiles = [
  'background-work.js',
  'pause.js',
  'problem.js',
  'sending.js',
  'server-sent-events.js',
  'session.js',
  'written.js',
];

const browserFiles = () =>
  readdirSync(builtEntry('gateway/console/browser'), { recursive: true, encoding: 'utf8' })
    .filter((name) => extname(name) in mediaTypes)
    .sort();

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Source maps stay where they are. */
const asset = (name: string, path: string): Asset => ({
  name,
  mediaType: mediaTypes[extname(name)] ?? 'application/octet-stream',
  text: readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
});

const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
