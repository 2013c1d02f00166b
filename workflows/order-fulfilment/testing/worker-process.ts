import { pino } from 'pino';
import { DomainError, errorCodes, type ErrorCode } from '../../../domains/shared/errors.js';
import type { PaymentProvider } from '../../../infra/payment-provider/payment-provider.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { runWorker } from '../../../infra/temporal/worker.js';
import { createActivities } from '../activities.js';
import { taskQueue } from '../fulfilment.js';
import type { Asked, Replied } from './worker-apart.js';

/** A worker as a process of its own. It asks its parent for all that it does to the world; without one it ends. */
const waiting = new Map<number, (replied: Replied) => void>();
process.on('message', (replied: Replied) => {
  waiting.get(replied.id)?.(replied);
  waiting.delete(replied.id);
});
process.once('disconnect', () => process.exit(0));

let calls = 0;
const ask = (of: Asked['of'], call: string, given: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const id = (calls += 1);
    waiting.set(id, (replied) => {
      if (replied.error === undefined) resolve(replied.result);
      else reject(errorOf(replied.error));
    });
    process.send?.({ id, of, call, given } satisfies Asked);
  });

const errorOf = ({ code, message }: NonNullable<Replied['error']>) =>
  code !== undefined && Object.hasOwn(errorCodes, code)
    ? new DomainError(code as ErrorCode, message)
    : new Error(message);

/** Whatever is called of it is called of the parent's. */
const ofParent = (of: Asked['of']): object =>
  new Proxy(
    {},
    {
      get:
        (_target, call) =>
        (...given: readonly unknown[]) =>
          ask(of, String(call), given),
    },
  );

const [address = '', workflowBundlePath = ''] = process.argv.slice(2);
const worker = runWorker({
  ...{ address, workflowBundlePath, taskQueue, tracing: false },
  activities: createActivities({
    bus: ofParent('bus') as ServiceBus,
    provider: ofParent('provider') as PaymentProvider,
  }),
  log: pino({ level: process.env['SAGA_LOG'] ?? 'silent' }),
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
await worker.ready;
process.send?.('ready');
