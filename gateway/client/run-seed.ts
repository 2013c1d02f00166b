import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { ApiProblem, createApiClient, type ApiClient, type SignIn } from './api-client.js';
import { inParallel } from './in-parallel.js';
import { seedCustomer, seedProduct } from './seed-data.js';

export type SeedOptions = Readonly<{
  gatewayUrl: string;
  admin: SignIn;
  /** What the idempotency keys, the SKUs and the addresses are made of. */
  name: string;
  products: number;
  customers: number;
  say: (progress: string) => void;
}>;

/** What the store holds of a seed. */
export type Seeded = Readonly<{ name: string; products: number; pieces: number; customers: number }>;

/**
 * Adds products with stock, and customers, as people would: over the public API. Under the same name it does so once:
 * another run adds what is not there yet.
 *
 * @throws ApiProblem for what the platform refuses, or whatever was thrown when it could not be reached for long.
 */
export const runSeed = async (options: SeedOptions): Promise<Seeded> => {
  const { name, products, customers, say } = options;
  const stranger = createApiClient(options.gatewayUrl);
  const asStaff = await signedIn(stranger, options.admin);
  let pieces = 0;
  let done = 0;

  await inParallel(products, atOnce, async (number) => {
    const { product, pieces: received } = seedProduct(name, number);
    const key = `${name}/${number}`;
    const { id } = await asStaff((staff) => staff.addProduct(product, key));
    await asStaff((staff) => staff.receiveStock(id, received, key));
    pieces += received;
    done += 1;
    say(`Adding products with stock: ${done} of ${products}`);
  });
  done = 0;
  await inParallel(customers, atOnce, async (number) => {
    await insisting.execute(() => stranger.register(seedCustomer(name, number), `${name}/${number}`));
    done += 1;
    say(`Registering customers: ${done} of ${customers}`);
  });
  return { name, products, pieces, customers };
};

/** Enough to keep the gateway busy: hashing a password takes it longest. */
const atOnce = 8;

const passing = new Set(['service.unavailable', 'gateway.overloaded', 'service.timeout', 'command.conflict']);

/** Whether the same request may well succeed a little later. It is sent with its key, so that it takes effect once. */
const mayPass = (error: Error) =>
  error instanceof ApiProblem ? passing.has(error.code) || error.status === 429 : error instanceof TypeError;

const insisting = retry(handleWhen(mayPass), {
  maxAttempts: 8,
  backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 10_000 }),
});

type AsStaff = <Result>(act: (staff: ApiClient) => Promise<Result>) => Promise<Result>;

/** Acts in somebody's name for longer than an access token is good for. */
const signedIn = async (stranger: ApiClient, who: SignIn): Promise<AsStaff> => {
  let staff = await insisting.execute(() => stranger.signIn(who));
  return (act) =>
    insisting.execute(async () => {
      try {
        return await act(staff);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'auth.expired_token') throw error;
        staff = await stranger.signIn(who);
        return act(staff);
      }
    });
};
