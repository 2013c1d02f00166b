import { tagOf } from '../http/conditional.js';
import { shorten } from '../http/compressed.js';
import { bareRoute, type Answer, type Route } from '../http/route.js';
import { dtoSchemas } from '../http/validation.js';
import { openApiDocument } from './document.js';

/** The description of other routes, and of this one; it is made when it is first asked for. */
export const openApiRoutes = (others: readonly Route[], version: string): readonly Route[] => {
  let made: Promise<Answer> | undefined;
  const make = () => answerOf(JSON.stringify(openApiDocument([...others, route], { version, dtos: dtoSchemas() })));
  const route = bareRoute('GET', '/openapi.json', described, () => (made ??= make()));
  return [route];
};

const mediaType = 'application/openapi+json';

const described = {
  id: 'getDescription',
  summary: 'This description',
  answers: { status: 200, mediaType, headers: ['ETag'] },
} as const;

/** The same for everybody until there is another version. */
const answerOf = async (body: string): Promise<Answer> => ({
  status: 200,
  headers: { 'content-type': mediaType, 'Cache-Control': 'public, max-age=300', ETag: tagOf(body) },
  body,
  gzipped: await shorten(body),
});
