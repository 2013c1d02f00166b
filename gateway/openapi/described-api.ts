import { platformVersion } from '../../infra/telemetry/version.js';
import type { Route } from '../http/route.js';
import { dtoSchemas } from '../http/validation.js';
import { apiRoutes, type ApiParts } from '../routes.js';
import { openApiDocument, type OpenApiDocument } from './document.js';
import { openApiRoutes } from './routes.js';

/** Stands for whatever routes work with: to be described, nothing of it is used. */
const nothing: unknown = new Proxy({}, { get: () => nothing, ownKeys: () => [] });

/** Every route of the public API: what they are can be read, none of them works. */
export const describedRoutes = (): readonly Route[] => {
  const routes = apiRoutes(nothing as ApiParts);
  return [...routes, ...openApiRoutes(routes, platformVersion())];
};

/** The description of the whole API, without anything that it works with. */
export const describedApi = (): OpenApiDocument =>
  openApiDocument(describedRoutes(), { version: platformVersion(), dtos: dtoSchemas() });
