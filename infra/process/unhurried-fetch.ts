import { request as askPlainly, type IncomingMessage } from 'node:http';
import { request as askSecurely } from 'node:https';
import { PassThrough, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/**
 * `fetch` for answers that may pause for long: Node's own breaks one off of which nothing comes for five minutes. It
 * follows no redirects, and is left by the signal of the request alone.
 *
 * @throws TypeError where nobody can be reached, or, from the body, where it breaks off; the reason of the signal once
 * that is aborted.
 */
export const unhurriedFetch = async (request: Request): Promise<Response> => {
  const { url, method, signal } = request;
  const content = Buffer.from(await request.arrayBuffer());
  const headers = { ...Object.fromEntries(request.headers), 'content-length': content.length };
  const failure = (message: string, cause: Error) =>
    signal.aborted ? (signal.reason as Error) : new TypeError(message, { cause });
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const ask = url.startsWith('https:') ? askSecurely : askPlainly;
    const asking = ask(url, { method, headers, signal }, resolve);
    asking.on('error', (error) => reject(failure('It cannot be reached', error)));
    asking.end(content);
  });
  const body = new PassThrough();
  message.on('error', (error) => body.destroy(failure('It was broken off', error)));
  // Whoever has read enough lets go of the connection.
  body.once('close', () => message.destroy());
  message.pipe(body);
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, {
    status: message.statusCode ?? 0,
    headers: Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  });
};
