/** What is asked for. */
export type Call = Readonly<{
  /** The kind of request that it is counted under. */
  kind: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** JSON, or text that is sent as it stands. */
  body?: object | string;
  /** How it may be answered. */
  expected: readonly number[];
}>;

export type Answered = Readonly<{ status: number; body: unknown; token: string }>;

/** How long the answers to one kind of request took, in milliseconds, and how many of each status there were. */
export type Counted = Readonly<{ milliseconds: number[]; statuses: Map<number, number> }>;

/** Calls a gateway and keeps count. */
export type Calls = Readonly<{
  url: string;
  send: (call: Call) => Promise<Answered>;
  /** Keeps count of what was sent by other means. */
  count: (call: Pick<Call, 'kind' | 'method' | 'path' | 'expected'>, status: number, milliseconds: number) => void;
  counted: ReadonlyMap<string, Counted>;
  /** Answers that nobody expected. */
  wrong: readonly string[];
}>;

/** @param url of the gateway, without the base path. */
export const createCalls = (url: string): Calls => {
  const counted = new Map<string, Counted>();
  const wrong: string[] = [];

  const count: Calls['count'] = ({ kind, method, path, expected }, status, milliseconds) => {
    const known = counted.get(kind) ?? { milliseconds: [], statuses: new Map<number, number>() };
    counted.set(kind, known);
    known.milliseconds.push(milliseconds);
    known.statuses.set(status, (known.statuses.get(status) ?? 0) + 1);
    if (!expected.includes(status)) wrong.push(`${method} ${path} (${kind}) was answered ${status}`);
  };

  const send = async (call: Call): Promise<Answered> => {
    const { method, path, headers = {}, body } = call;
    const began = performance.now();
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    count(call, response.status, performance.now() - began);
    return {
      status: response.status,
      body: response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as unknown) : null,
      token: response.headers.get('x-consistency-token') ?? '',
    };
  };

  return { url, send, count, counted, wrong };
};
