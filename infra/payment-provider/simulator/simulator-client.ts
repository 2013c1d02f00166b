import { injectTraceparent } from '../../telemetry/tracing.js';
import type { PaymentProvider, Refused } from '../payment-provider.js';
import type { Charge, Totals } from './ledger-rules.js';
import { isProblemCode, type ProblemCode } from './problems.js';

/** The port to the simulated provider, whose books can be read as well. */
export type SimulatorClient = PaymentProvider &
  Readonly<{
    ledger: {
      (orderId: string): Promise<Totals & Readonly<{ charges: readonly Charge[] }>>;
      (): Promise<Readonly<{ orders: readonly (Totals & Readonly<{ orderId: string }>)[] }>>;
    };
  }>;

/** A client of the simulated provider at `url`; a call that has no answer after `timeoutMs` throws. */
export const createSimulatorClient = ({
  url,
  timeoutMs,
}: Readonly<{ url: string; timeoutMs: number }>): SimulatorClient => {
  const send = async (path: string, init: RequestInit): Promise<Received> => {
    try {
      const response = await fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(timeoutMs) });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      throw new Error('The payment provider gave no answer', { cause });
    }
  };

  const post = async (path: string, key: string, body: object): Promise<Reply> => {
    const headers = injectTraceparent({ 'content-type': 'application/json', 'idempotency-key': key });
    return parseReply(await send(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  };

  const ledger = async (orderId?: string) => {
    const search = orderId === undefined ? '' : `?${new URLSearchParams({ orderId }).toString()}`;
    const { status, body } = await send(`/ledger${search}`, { headers: injectTraceparent({}) });
    if (status !== 200) throw new Error(`The payment provider answered ${status}`);
    return body;
  };

  return {
    authorise: async ({ key, orderId, amount, method }) => {
      const reply = await post('/authorisations', key, { orderId, ...amount, method });
      if (!('code' in reply)) return { outcome: 'authorised', reference: named(reply) };
      return { outcome: reply.status === 402 ? 'declined' : 'refused', code: reply.code };
    },
    capture: async ({ key, reference, amount }) => {
      const reply = await post(`/authorisations/${encodeURIComponent(reference)}/captures`, key, amount);
      return 'code' in reply ? refused(reply) : { outcome: 'captured', reference: named(reply) };
    },
    voidAuthorisation: async ({ key, reference }) => {
      const reply = await post(`/authorisations/${encodeURIComponent(reference)}/voids`, key, {});
      return 'code' in reply ? refused(reply) : { outcome: 'voided', reference: named(reply) };
    },
    voidByKey: async ({ key, authoriseKey }) => {
      const reply = await post('/voids', key, { key: authoriseKey });
      return 'code' in reply ? refused(reply) : { outcome: 'voided', reference: reply.reference };
    },
    refund: async ({ key, captureReference, amount }) => {
      const reply = await post(`/captures/${encodeURIComponent(captureReference)}/refunds`, key, amount);
      return 'code' in reply ? refused(reply) : { outcome: 'refunded', reference: named(reply) };
    },
    ledger: ledger as SimulatorClient['ledger'],
  };
};

type Received = Readonly<{ status: number; body: unknown }>;
type Success = Readonly<{ reference: string | null }>;
type Problem = Readonly<{ status: number; code: ProblemCode }>;
type Reply = Success | Problem;

/** @throws Error for whatever is no answer of the provider's: somebody in between may have given it. */
const parseReply = ({ status, body }: Received): Reply => {
  if (status >= 500) throw new Error(`The payment provider answered ${status}`);
  const { reference, code } = Object(body) as Partial<Record<string, unknown>>;
  if (status === 201 && (typeof reference === 'string' || reference === null)) return { reference };
  if (status >= 400 && isProblemCode(code)) return { status, code };
  throw new Error(`The payment provider answered ${status} with something else than was asked for`);
};

const refused = ({ code }: Problem): Refused => ({ outcome: 'refused', code });

const named = ({ reference }: Success): string => {
  if (reference === null) throw new Error('The payment provider answered without a reference');
  return reference;
};
