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
  const target = targetOf(url, path);
  const send = target.protocol === 'https:' ? secure : plain;
  const headers = authorization === undefined ? {} : { authorization };
  const sent = send(target, { method, headers, timeout, ...(ca && { ca }) }).end();
  sent.once('timeout', () => sent.destroy(new Error(`nothing came for ${timeout / 1000} s`)));
  const [response] = (await once(sent, 'response').catch((error: unknown) => {
    throw new RequestFailed(`${url} does not answer: ${(error as Error).message}`);
  })) as [IncomingMessage];
  const { statusCode = 0 } = response;
  const answer = await json(response).catch(() => undefined);
  if (statusCode < 300 && answer !== undefined) return answer;
  const { detail = `status ${statusCode}, which is not an answer of an event store` } = (answer ?? {}) as Problem;
  throw new RequestFailed(`${url} refuses: ${detail}`);
};

type Problem = Readonly<{ detail?: string }>;

/** In milliseconds. */
const timeout = 10_000;

const targetOf = (url: string, path: string) => {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new RequestFailed(`${url} is no http:// or https:// address of a server`);
  return new URL(path, url);
};
