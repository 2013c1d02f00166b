import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folderOfPackage = (from: string): string =>
  existsSync(join(from, 'package.json')) ? from : folderOfPackage(dirname(from));

/** The package's folder, found alike from the sources and from `dist/`. */
export const packageFolder = folderOfPackage(import.meta.dirname);

/** The version in package.json. */
export const packageVersion = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

/** Path of a built process entry, for example `gateway/main.js`. */
export const builtEntry = (entry: string): string => join(packageFolder, 'dist', entry);
