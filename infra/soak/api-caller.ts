/** An answer of the API, as far as a soak looks at it. */
export type Answer = Readonly<{
  status: number;
  body: unknown;
  /** The consistency token that came with it. */
  token: string;
  retryAfter: string | null;
}>;

/** What a read asks for: to see what a token tells of, within so many seconds. */
export type AsFreshAs = Readonly<{ token: string; waitSeconds: number }>;

/** Somebody who calls the API under a name; signs in again when that is needed. */
export type ApiCaller = Readonly<{
  get: (path: string, asFreshAs?: AsFreshAs) => Promise<Answer>;
  /** A command. @throws Error where it is refused. */
  send: (method: 'POST' | 'PUT', path: string, body: object) => Promise<Answer>;
  /** A command, whatever comes of it; `key` goes with it as its `Idempotency-Key`. */
  attempt: (method: 'POST' | 'PUT', path: string, body: object, key?: string) => Promise<Answer>;
  /** What `Authorization` says. */
  authorization: () => Promise<string>;
}>;

export type SignIn = Readonly<{ email: string; password: string }>;

/** @param url of the gateway, without the base path. */
export const createApiCaller = (url: string, { email, password }: SignIn): ApiCaller => {
  let signedIn: Promise<string> | undefined;

  const signIn = async () => {
    const { body } = await request(url, 'POST', '/auth/token', {}, { email, password });
    return `Bearer ${(body as { accessToken: string }).accessToken}`;
  };
  const authorization = () => (signedIn ??= signIn());

  const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const first = await request(url, method, path, { ...headers, authorization: await authorization() }, body);
    if (first.status !== 401) return first;
    signedIn = undefined;
    return request(url, method, path, { ...headers, authorization: await authorization() }, body);
  };

  return {
    get: (path, asFreshAs) =>
      call(
        'GET',
        path,
        asFreshAs ? { 'x-consistency-token': asFreshAs.token, prefer: `wait=${asFreshAs.waitSeconds}` } : {},
      ),
    send: async (method, path, body) => accepted(await call(method, path, {}, body), `${method} ${path}`),
    attempt: (method, path, body, key) => call(method, path, key === undefined ? {} : { 'idempotency-key': key }, body),
    authorization,
  };
};

/** Registers somebody. @throws Error where that is refused. */
export const register = async (url: string, who: SignIn): Promise<void> => {
  accepted(await request(url, 'POST', '/users', {}, { ...who, name: 'Ada' }), 'POST /users');
};

const request = async (
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> => {
  const content = body && { body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...content,
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? null : (JSON.parse(text) as unknown),
    token: response.headers.get('x-consistency-token') ?? '',
    retryAfter: response.headers.get('retry-after'),
  };
};

const accepted = (answer: Answer, what: string): Answer => {
  if (answer.status < 400) return answer;
  throw new Error(`${what} gave ${answer.status}: ${JSON.stringify(answer.body)}`);
};
