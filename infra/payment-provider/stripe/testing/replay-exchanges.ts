import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { serve } from '../../testing/serve.js';

type Recorded = Readonly<{
  request: Readonly<{
    method: string;
    path: string;
    query?: Readonly<Record<string, string>>;
    headers: Readonly<Record<string, string>>;
    form?: Readonly<Record<string, string>>;
  }>;
  response: Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: unknown }>;
}>;

/** The key that the recordings were made with; it opens nothing. */
export const recordedKey = 'sk_test_recorded';

/**
 * Tests only: a server that answers with the exchanges of one file, in their order. `stop` throws where a request
 * differed from the recorded one or did not come.
 */
export const replayExchanges = async (name: string): Promise<Readonly<{ url: string; stop: () => Promise<void> }>> => {
  const path = join(process.cwd(), 'infra/payment-provider/stripe/exchanges', `${name}.json`);
  const waiting = [...(JSON.parse(await readFile(path, 'utf8')) as Recorded[])];
  const differences: unknown[] = [];

  const { url, stop } = await serve((req, res) => {
    void requestIn(req).then((sent) => {
      const [next] = waiting;
      const expected = next && comparable(next.request);
      const seen = { ...sent, headers: chosen(sent.headers, Object.keys(next?.request.headers ?? {})) };
      if (next === undefined || !isDeepStrictEqual(seen, expected)) {
        differences.push({ expected, seen });
        res.writeHead(500).end('{}');
        return;
      }
      waiting.shift();
      res.writeHead(next.response.status, next.response.headers).end(JSON.stringify(next.response.body));
    });
  });
  return {
    url,
    stop: async () => {
      await stop();
      if (differences.length > 0)
        throw new Error(`Not as recorded in ${name}: ${JSON.stringify(differences, null, 2)}`);
      if (waiting.length > 0) throw new Error(`${waiting.length} exchanges of ${name} did not take place`);
    },
  };
};

const requestIn = async (req: IncomingMessage) => {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost');
  return {
    method: req.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: req.headers,
    form: Object.fromEntries(new URLSearchParams(await text(req))),
  };
};

const comparable = ({ method, path, query = {}, headers, form = {} }: Recorded['request']) => ({
  ...{ method, path, query, headers, form },
});

const chosen = (headers: IncomingMessage['headers'], names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, headers[name]]));
