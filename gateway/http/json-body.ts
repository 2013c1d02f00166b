import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { DomainError } from '../../domains/shared/errors.js';
import { isDeeperThan, mostDepth } from './json-depth.js';

/** The most bytes of JSON: the longest description of a product fits, each of its characters written as two escapes. */
const mostJsonBytes = 128 * 1024;

/** The most bytes of a body that is not parsed before it is known who sent it. */
const mostRawBytes = 1024 * 1024;

/** Whether the headers announce a body (RFC 9112, 6.3). */
export const hasBody = ({
  'content-length': length = '0',
  'transfer-encoding': coding,
}: IncomingHttpHeaders): boolean => coding !== undefined || Number(length) !== 0;

/**
 * Reads a JSON body.
 *
 * @throws DomainError `request.unsupported_media_type`, `request.too_large`, `request.too_deep` or
 * `request.malformed_json`.
 */
export const readJsonBody = async (request: IncomingMessage): Promise<unknown> => {
  refuseOtherThanJson(request.headers);
  return jsonOf(await readBytes(request, mostJsonBytes));
};

const jsonOf = (bytes: Buffer): unknown => {
  if (isDeeperThan(bytes, mostDepth)) throw tooDeep();
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The parser's message quotes the body, which may hold a password: it goes nowhere.
    throw new DomainError('request.malformed_json', 'The body must be JSON in UTF-8');
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const refuseOtherThanJson = (headers: IncomingHttpHeaders) => {
  const isJson = /^\s*application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '');
  if (!isJson) throw unsupported('Send the header Content-Type: application/json');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw unsupported('Send the body uncompressed');
};

/** Reads a body of whatever type. @throws DomainError `request.too_large`, or `request.malformed_json` where it breaks off. */
export const readBytes = (request: IncomingMessage, most: number = mostRawBytes): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // What comes after the refusal is still read, and dropped: a client that is sending does not hear an answer.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLarge(most));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new DomainError('request.malformed_json', 'The body did not arrive whole')));
  });

const tooDeep = () =>
  new DomainError('request.too_deep', `Arrays and objects lie at most ${mostDepth} deep in one another`);
const tooLarge = (most: number) => new DomainError('request.too_large', `A body has at most ${most} bytes here`);
const unsupported = (message: string) => new DomainError('request.unsupported_media_type', message);
