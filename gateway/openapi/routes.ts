import { bareRoute, type Route } from '../http/route.js';
import { dtoSchemas } from '../http/validation.js';
import { openApiDocument } from './document.js';

/** The description of other routes, and of this one. */
export const openApiRoutes = (others: readonly Route[], version: string): readonly Route[] => {
  const described = {
    id: 'getDescription',
    summary: 'This description',
    answers: { status: 200, mediaType: 'application/openapi+json' },
  } as const;
  const route = bareRoute('GET', '/openapi.json', described, () =>
    Promise.resolve({ status: 200, headers: { 'content-type': 'application/openapi+json' }, body: document }),
  );
  const document = openApiDocument([...others, route], { version, dtos: dtoSchemas() });
  return [route];
};
