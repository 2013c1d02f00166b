import { pipeline } from 'node:stream/promises';
import express, { type Express } from 'express';
import type { Log } from '../../logging/log.js';
import type { ServiceTokens } from '../../security/service-tokens.js';
import { answerProblem, requireServiceToken } from '../../service-bus/endpoint-parts.js';
import { parseExportRequest } from './export-request.js';
import type { Exports } from './exports.js';

export type ExportEndpointParts = Readonly<{ exports: Exports; tokens: Pick<ServiceTokens, 'verify'>; log: Log }>;

/**
 * `POST /exports` of the auditor, with a service token: a bundle as it is made, no faster than it is taken. What goes
 * wrong once it has begun breaks the connection off.
 */
export const createExportEndpoint = ({ exports, tokens, log }: ExportEndpointParts): Express => {
  const app = express().disable('x-powered-by').disable('etag');
  app.post('/exports', requireServiceToken(tokens), express.json({ limit: '16kb' }), async (request, response) => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    try {
      const bundle = await exports.open(parseExportRequest(request.body), left.signal);
      response.type('application/gzip');
      await pipeline(bundle, response);
    } catch (error) {
      if (!response.headersSent && !left.signal.aborted) throw error;
      // Whoever asked may leave at any time.
      if (response.headersSent && !isLeft(error)) log.error({ err: error }, 'a bundle was broken off');
    }
  });
  app.use(answerProblem(log, 'an export failed'));
  return app;
};

const isLeft = (error: unknown) => {
  const { code, name } = error as NodeJS.ErrnoException;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || name === 'AbortError';
};
