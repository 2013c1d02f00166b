import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domains/shared/errors.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import type { SagaWorld } from './saga-world.js';

/** How a call of a saga fails. What hangs gets no answer, and takes effect before it does or not at all. */
export type Failure =
  'refused' | 'transient' | 'unanswered before' | 'unanswered after' | 'hanging before' | 'hanging after';

/** What is to go wrong with one order: a call by its name, such as `orders MarkOrderPaid`, so many times. */
export type Fault = { readonly call: string; readonly failure: Failure; times: number; struck: number };

/** What happens in the place of a call, which it may do itself. */
export type Instead = (done: () => Promise<unknown>) => Promise<unknown>;

/** Lets calls of the sagas of a world fail, for each order as it was said. */
export type Faults = Readonly<{
  of: (orderId: string, fault: Fault) => void;
  /** The next such call for an order is replaced. */
  next: (orderId: string, call: string, instead: Instead) => void;
  /** A refund of staff has a saga of its own, whose calls are those of its order. */
  refund: (refundId: string, orderId: string) => void;
}>;

type Around = <Reply>(orderId: string | undefined, call: string, done: () => Promise<Reply>) => Promise<Reply>;

export const injectFaults = (world: SagaWorld): Faults => {
  const faults = new Map<string, Fault>();
  const replaced = new Map<string, Instead>();
  const orderOfRefund = new Map<string, string>();

  const around: Around = async (orderId, call, done) => {
    if (orderId === undefined) return done();
    const instead = replaced.get(`${orderId} ${call}`);
    replaced.delete(`${orderId} ${call}`);
    if (instead) return instead(done) as ReturnType<typeof done>;
    const fault = faults.get(orderId);
    if (!fault || fault.call !== call || fault.struck >= fault.times) return done();
    fault.struck += 1;
    return fail(fault.failure, call, done);
  };

  world.sagaBus.send = (context, message) =>
    around(orderOf(message.data), `${context} ${message.type}`, () => world.bus.send(context, message));
  world.sagaBus.ask = (...[context, question, data]: Parameters<ServiceBus['ask']>) =>
    around(orderOf(data), `${context} ${question}`, () => world.bus.ask(context, question, data));

  const provider = { ...world.provider };
  const orderOfKey = (key: string) => {
    const [workflowId = ''] = key.split('/');
    return orderOfRefund.get(workflowId.slice('payment-refund-'.length)) ?? workflowId.replace(/^order-(return-)?/, '');
  };
  const failing =
    <Call extends Readonly<{ key: string }>, Reply>(name: string, call: (input: Call) => Promise<Reply>) =>
    (input: Call): Promise<Reply> =>
      around(orderOfKey(input.key), `provider ${name}`, () => call(input));
  Object.assign(world.provider, {
    authorise: failing('authorise', provider.authorise),
    capture: failing('capture', provider.capture),
    voidAuthorisation: failing('voidAuthorisation', provider.voidAuthorisation),
    voidByKey: failing('voidByKey', provider.voidByKey),
    refund: failing('refund', provider.refund),
  });

  return {
    of: (orderId, fault) => void faults.set(orderId, fault),
    next: (orderId, call, instead) => void replaced.set(`${orderId} ${call}`, instead),
    refund: (refundId, orderId) => void orderOfRefund.set(refundId, orderId),
  };
};

const fail = async <Reply>(failure: Failure, call: string, done: () => Promise<Reply>): Promise<Reply> => {
  const isProvider = call.startsWith('provider ');
  if (failure === 'refused' && isProvider) return { outcome: 'refused', code: 'capture_refused' } as Reply;
  if (failure === 'refused') throw new DomainError('command.invalid', 'Refused by a test');
  if (failure === 'transient') throw new DomainError('service.unavailable', 'Away, says a test');
  if (failure.endsWith('after')) await done();
  if (failure.startsWith('hanging')) await new Promise(() => undefined);
  throw isProvider ? new Error('No answer') : new DomainError('service.timeout', 'No answer in a test');
};

const orderOf = (data: unknown) => (data as Readonly<{ orderId?: string }>).orderId;

/** Does the same with each, but only so many at once. */
export const forEach = async <Item>(items: readonly Item[], atOnce: number, act: (item: Item) => Promise<void>) => {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};

/** Asks again until it is so. */
export const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await pause(50);
};
