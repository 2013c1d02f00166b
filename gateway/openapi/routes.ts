import { bareRoute, type Route } from '../http/route.js';
import { dtoSchemas } from '../http/validation.js';
import { openApiDocument, type OpenApiDocument } from './document.js';

/** The description of other routes, and of this one; it is made when it is first asked for. */
export const openApiRoutes = (others: readonly Route[], version: string): readonly Route[] => {
  let made: OpenApiDocument | undefined;
  const route = bareRoute('GET', '/openapi.json', described, () => {
    made ??= openApiDocument([...others, route], { version, dtos: dtoSchemas() });
    return Promise.resolve({ status: 200, headers: { 'content-type': mediaType }, body: made });
  });
  return [route];
};

const mediaType = 'application/openapi+json';

const described = {
  id: 'getDescription',
  summary: 'This description',
  answers: { status: 200, mediaType },
} as const;
