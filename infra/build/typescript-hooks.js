/** Lets Node load the sources as they are: types are stripped, and `./x.js` beside a TypeScript file means `./x.ts`. */
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

export const resolve = (specifier, context, next) => {
  const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
};

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transformFile(fileURLToPath(url));
  return { format: 'module', source: code, shortCircuit: true };
};
