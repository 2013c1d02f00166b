import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError, errorCodes, type ErrorCode } from '../../domains/shared/errors.js';
import { refusedRequest } from '../http/refused.js';
import type { ServeParts } from '../http/serve-route.js';

/**
 * How long a client may take, in milliseconds: to send its headers, to send all of a request, to send the next one, and
 * to move a single byte. A sender of one byte now and then is cut off by the first two
 * (https://nodejs.org/api/http.html#serverheaderstimeout), a reader of none by the last.
 */
export type Patience = Readonly<{ headersMs: number; requestMs: number; nextMs: number; idleMs: number }>;

export const patience: Patience = { headersMs: 10_000, requestMs: 30_000, nextMs: 10_000, idleMs: 60_000 };

/** An access token and some forty other headers fit. */
const mostHeaderBytes = 16 * 1024;
const mostHeaders = 100;
const mostTargetLength = 4_096;

const mostConnections = 10_000;
const mostRequestsOfConnection = 10_000;

/** What a server is made with. */
export const serverOptions = ({ headersMs, requestMs, nextMs }: Patience): ServerOptions => ({
  maxHeaderSize: mostHeaderBytes,
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  keepAliveTimeout: nextMs,
  connectionsCheckingInterval: Math.min(1_000, headersMs / 2),
});

type Noted = Pick<ServeParts, 'log' | 'metrics' | 'crossOrigin'>;

/** Bounds its connections; what is no request at all gets a problem as well, and then its connection is closed. */
export const boundConnections = (server: Server, { idleMs }: Patience, parts: Noted): void => {
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = mostRequestsOfConnection;
  // One more than is let through: Node drops the others without a word.
  server.maxHeadersCount = mostHeaders + 1;
  server.setTimeout(idleMs, (socket: Socket) => socket.destroy());
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = answerOn(socket);
    // In the middle of another answer nothing can be said.
    if (!socket.writable || answer?.headersSent) socket.destroy();
    else refuse(socket, error.code, { ...parts, isNoted: answer !== null });
  });
  // Only 100-continue means anything: whatever else is expected is passed over (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
};

/** Why a request is refused by its first line and headers alone; undefined where they are fine. */
export const refusalOfHead = ({ url = '', rawHeaders }: IncomingMessage): DomainError | undefined => {
  if (url.length > mostTargetLength)
    return new DomainError('request.target_too_long', `An address has at most ${mostTargetLength} characters`);
  if (rawHeaders.length > 2 * mostHeaders)
    return new DomainError('request.headers_too_large', `A request has at most ${mostHeaders} headers`);
  return undefined;
};

/** What is being answered on a connection: a request whose body does not come as it should. */
const answerOn = (socket: Socket): Readonly<{ headersSent: boolean }> | null =>
  (socket as Socket & { _httpMessage?: { headersSent: boolean } | null })._httpMessage ?? null;

/** Of what could not be read nothing is known: the trace and the id are new. A request that was begun is noted already. */
const refuse = (
  socket: Socket,
  code: string | undefined,
  { log, metrics, crossOrigin, isNoted }: Noted & Readonly<{ isNoted: boolean }>,
) => {
  const [problem, message] = problems[code ?? ''] ?? malformed;
  const error = new DomainError(problem, message);
  const { status, headers, text, notes } = refusedRequest(error, { headers: {} }, crossOrigin);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${errorCodes[problem].title}\r\n${lines.join('')}\r\n${text}`);
  if (isNoted) return;
  metrics.began();
  metrics.ended(notes, { status, seconds: 0 });
  log.info({ ...notes, status }, 'request');
};

type Reason = readonly [ErrorCode, string];
const malformed: Reason = ['request.malformed', 'Send a request as RFC 9112 describes it'];
const problems: Readonly<Record<string, Reason>> = {
  HPE_HEADER_OVERFLOW: ['request.headers_too_large', `All headers together have at most ${mostHeaderBytes} bytes`],
  ERR_HTTP_REQUEST_TIMEOUT: ['request.timeout', 'Send the whole request at once'],
};
