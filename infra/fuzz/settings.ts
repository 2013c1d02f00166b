import type { Known, Person } from './shop.js';

/** How much a run tries. */
export type Amount = Readonly<{
  /** Random requests for each operation. */
  perOperation: number;
  /** Chains of requests, in which one goes on with what another has made. */
  chains: number;
}>;

/** What is added to the settings in the repository: what exists, as whom to ask, and how much. In TOML. */
export const runSettings = (known: Known, person: Person | null, { perOperation, chains }: Amount): string =>
  [
    ...Object.entries(known).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`),
    ...(person ? [signInSettings(person)] : []),
    `[phases.fuzzing.generation]\nmax-examples = ${perOperation}`,
    `[phases.stateful.generation]\nmax-examples = ${chains}`,
  ].join('\n\n');

/** A token lasts 15 minutes: Schemathesis signs in again when one is refused. */
const signInSettings = ({ email, password }: Person): string =>
  [
    '[auth.dynamic.openapi.accessToken]',
    'path = "/api/v1/auth/token"',
    `payload = { email = ${JSON.stringify(email)}, password = ${JSON.stringify(password)} }`,
    'extract_selector = "/accessToken"',
  ].join('\n');

/** The amount that makes about so many requests for so many operations. */
export const amountOf = (cases: number, operations: number): Amount => ({
  perOperation: Math.max(1, Math.round((cases * fuzzingShare) / operations)),
  chains: Math.max(1, Math.round((cases * (1 - fuzzingShare)) / requestsOfChain)),
});

const fuzzingShare = 0.7;
/** What a chain has on average. */
const requestsOfChain = 6;
