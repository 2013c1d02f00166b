import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../testing/serve.js';
import { createDisturbances } from '../disturbances.js';
import { openLedger, type Ledger } from '../ledger.js';
import { createProviderApp } from '../server.js';
import { createSimulatorClient, type SimulatorClient } from '../simulator-client.js';

export type StartedProvider = Readonly<{
  url: string;
  client: SimulatorClient;
  ledger: Ledger;
  /** How long the provider was told to wait, call by call; it does not. */
  waits: readonly number[];
  /** Resolves once a slow bank has been asked. */
  bankIsAsked: Promise<void>;
  letBankAnswer: () => void;
  stop: () => Promise<void>;
}>;

/** Tests only: a provider in this process with a ledger of its own, whose slow bank answers when the test lets it. */
export const startProvider = async ({ keepsNotices = false } = {}): Promise<StartedProvider> => {
  const folder = await mkdtemp(join(tmpdir(), 'payment-provider-'));
  const ledger = openLedger(join(folder, 'ledger.db'), { keepsNotices });
  const asked = resolvable();
  const answered = resolvable();
  const beSlow = () => {
    asked.resolve();
    return answered.promise;
  };
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  const disturbances = createDisturbances({ random: Math.random, wait });
  const { url, stop } = await serve(createProviderApp({ ledger, disturbances, beSlow, onError: () => undefined }));
  return {
    url,
    client: createSimulatorClient({ url, timeoutMs: 60_000 }),
    ledger,
    waits,
    bankIsAsked: asked.promise,
    letBankAnswer: answered.resolve,
    stop: async () => {
      await stop();
      ledger.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** Tests only: a fresh provider for each test. */
export const useProvider = (): Readonly<{ provider: () => StartedProvider; client: () => SimulatorClient }> => {
  let started: StartedProvider;
  beforeEach(async () => {
    started = await startProvider();
  });
  afterEach(() => started.stop());
  return { provider: () => started, client: () => started.client };
};

const resolvable = () => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};
