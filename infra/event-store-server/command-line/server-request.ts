import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { json } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';

/** How to reach a server that runs. `ca` is a certificate in PEM that is trusted besides the well-known ones. */
export type Server = Readonly<{ url: string; ca?: Buffer | undefined; authorization?: string | undefined }>;

/** The server answered with an error, or not at all: the message says what it said. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
}

/** @throws RequestFailed when the answer is an error or there is none. */
export const requestJson = async (server: Server, method: 'GET' | 'POST', path: string): Promise<unknown> => {
  const { url, ca, authorization } = server;
  const target = new URL(path, url);
  const send = target.protocol === 'https:' ? secure : plain;
  const headers = authorization === undefined ? {} : { authorization };
  const sent = send(target, { method, headers, ...(ca && { ca }) }).end();
  const [response] = (await once(sent, 'response').catch((error: unknown) => {
    throw new RequestFailed(`${url} does not answer: ${(error as Error).message}`);
  })) as [IncomingMessage];
  const answer = await json(response).catch(() => ({}));
  const { statusCode = 0 } = response;
  if (statusCode < 300) return answer;
  throw new RequestFailed(`${url} refuses: ${(answer as { detail?: string }).detail ?? `status ${statusCode}`}`);
};
