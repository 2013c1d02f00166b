import type { Service } from '../../domains/shared/service.js';
import { allRelays } from '../relay/all-relays.js';
import type { RelayParts, RunningRelay } from '../relay/relay.js';
import type { Reaction } from './reaction.js';
import { runReactions } from './run-reactions.js';
import { sendingCommand, type PolicyParts } from './send-command.js';

export type RunPoliciesSettings = RelayParts &
  PolicyParts &
  Readonly<{
    /** The contexts whose policies run in this process. */
    services: readonly Service[];
    /** What else is done after events. */
    reactions?: readonly Reaction[];
    /** How long, in seconds, whoever caused an event is left to go on by themselves. */
    graceSeconds: number;
  }>;

/** Runs the policies of contexts, each context from a place of its own in the log. */
export const runPolicies = ({ services, reactions = [], ...parts }: RunPoliciesSettings): RunningRelay => {
  const relays = services.map(({ context, policies }) =>
    runReactions({
      ...parts,
      name: `policies/${context}`,
      reactions: policies.map((policy) => sendingCommand(policy, parts)),
    }),
  );
  return allRelays([...relays, runReactions({ ...parts, name: 'policies/platform', reactions })]);
};
