import openapiTypescript, { astToString } from 'openapi-typescript';
import { describedApi } from './described-api.js';

/** The files that are made of the API's description, by their paths in the repository. */
export const describedFiles = async (): Promise<Readonly<Record<string, string>>> => {
  const document = JSON.stringify(describedApi(), null, 2);
  return {
    'gateway/openapi/openapi.json': `${document}\n`,
    'gateway/client/api-types.ts': `// npm run openapi makes this of gateway/openapi/openapi.json.\n${astToString(await openapiTypescript(document))}`,
  };
};
