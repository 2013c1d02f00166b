import { unhurriedFetch } from '../../../infra/process/unhurried-fetch.js';
import { createSending } from '../sending.js';
import { createSession, type SignIn } from '../session.js';

/** What a request asks for: names of the query string, of which those without a value are left out. */
export type Asked = Readonly<Record<string, string | number | undefined>>;

/**
 * The audit routes, in somebody's name. Paths are below `/api/v1/audit`. Everything throws ApiProblem for what the
 * platform refuses, and TypeError where it cannot be reached.
 */
export type AuditApi = Readonly<{
  get: <Answer>(path: string, asked?: Asked) => Promise<Answer>;
  post: <Answer>(path: string, body: object) => Promise<Answer>;
  drop: (path: string) => Promise<void>;
  /** What a GET answers bit by bit. */
  stream: (path: string, asked: Asked) => Promise<AsyncIterable<Uint8Array>>;
  /** What a POST answers bit by bit. */
  download: (path: string, body: object) => Promise<AsyncIterable<Uint8Array>>;
}>;

/** Signs in. @param signal gives up whatever is under way. */
export const openAudit = async (gatewayUrl: string, reader: SignIn, signal: AbortSignal): Promise<AuditApi> => {
  const session = createSession(gatewayUrl);
  await session.signIn(reader);
  const send = createSending({ session, retries });
  // What took too long once takes as long again.
  const sendPatiently = createSending({ session, retries, passing: [429, 502, 503], sendOne: unhurriedFetch });
  const requestOf = (method: string, path: string, { asked = {}, body }: { asked?: Asked; body?: object } = {}) =>
    new Request(`${gatewayUrl}/api/v1/audit${path}${queryOf(asked)}`, {
      ...{ method, signal },
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const request = (...given: Parameters<typeof requestOf>) => send(requestOf(...given));
  return {
    get: async <Answer>(path: string, asked: Asked = {}) =>
      (await (await request('GET', path, { asked })).json()) as Answer,
    post: async <Answer>(path: string, body: object) =>
      (await (await request('POST', path, { body })).json()) as Answer,
    drop: async (path) => {
      await request('DELETE', path);
    },
    stream: async (path, asked) => chunksOf(await request('GET', path, { asked })),
    download: async (path, body) => chunksOf(await sendPatiently(requestOf('POST', path, { body }))),
  };
};

/** Node's streams of bytes can be iterated, which the types of browsers do not say. */
const chunksOf = ({ body }: Response) => (body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>;

/** With pauses that double from 0.2 s: a gateway that is started again is there by then. */
const retries = 5;

const queryOf = (asked: Asked): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
};
