import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { securityHeaders } from '../http/security-headers.js';

/** Swagger UI, from files of its package: it asks nothing of any other site. It is mounted at `/docs`. */
export const docs = (): Router => {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const page: RequestHandler = (_request, response) => void response.type('html').send(html);
  return express
    .Router({ strict: true })
    .use(ownFilesOnly)
    .get('/', page)
    .get('/initialise.js', (_request, response) => void response.type('js').send(script))
    .use(express.static(folder, { index: false, redirect: false }));
};

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

const pageHeaders = Object.entries({
  ...securityHeaders,
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
});

const ownFilesOnly: RequestHandler = (_request, response, next) => {
  for (const [name, value] of pageHeaders) response.setHeader(name, value);
  next();
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

const script = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  docExpansion: 'none',
});
`;
