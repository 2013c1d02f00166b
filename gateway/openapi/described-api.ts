import { platformVersion } from '../../infra/telemetry/version.js';
import { dtoSchemas } from '../http/validation.js';
import { apiRoutes, type ApiParts } from '../routes.js';
import { openApiDocument, type OpenApiDocument } from './document.js';
import { openApiRoutes } from './routes.js';

/** Stands for whatever routes work with: to be described, nothing of it is used. */
const nothing: unknown = new Proxy({}, { get: () => nothing, ownKeys: () => [] });

/** The description of the whole API, without anything that it works with. */
export const describedApi = (): OpenApiDocument => {
  const routes = apiRoutes(nothing as ApiParts);
  const all = [...routes, ...openApiRoutes(routes, platformVersion())];
  return openApiDocument(all, { version: platformVersion(), dtos: dtoSchemas() });
};
