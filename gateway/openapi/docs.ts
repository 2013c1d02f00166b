import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { tagOf } from '../http/conditional.js';
import { bareRoute, type Answer, type Route } from '../http/route.js';

/** Swagger UI, from files of its package: it asks nothing of any other site. None of it is part of what it shows. */
export const docsRoutes = (): readonly Route[] => [
  fileRoute('/docs', 'text/html; charset=utf-8', () => Buffer.from(html)),
  fileRoute('/docs/initialise.js', script, () => Buffer.from(initialise)),
  fileRoute('/docs/swagger-ui-bundle.js', script, () => ofPackage('swagger-ui-bundle.js')),
  fileRoute('/docs/swagger-ui.css', 'text/css; charset=utf-8', () => ofPackage('swagger-ui.css')),
  fileRoute('/docs/favicon-32x32.png', 'image/png', () => ofPackage('favicon-32x32.png')),
];

const script = 'text/javascript; charset=utf-8';

/** Serves bytes that stay the same while this process runs; they are read when they are first asked for. */
const fileRoute = (pattern: string, mediaType: string, read: () => Buffer): Route => {
  let made: Answer<Buffer> | undefined;
  const answers = { status: 200, mediaType, headers: ['ETag'] } as const;
  return bareRoute('GET', pattern, { id: pattern, summary: 'A part of Swagger UI', answers }, () => {
    made ??= fileAnswer(read(), mediaType);
    return Promise.resolve(made);
  });
};

const fileAnswer = (body: Buffer, mediaType: string): Answer<Buffer> => ({
  status: 200,
  headers: { ...pageHeaders, 'content-type': mediaType, ETag: tagOf(body) },
  body,
});

const ofPackage = (name: string): Buffer => readFileSync(join(folder(), name));
const folder = () => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Swagger UI sets styles, and draws its icons as data. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'public, max-age=3600',
};

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Evermart API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initialise.js"></script>
  </body>
</html>
`;

const initialise = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  docExpansion: 'none',
});
`;
