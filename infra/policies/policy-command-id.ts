import { nameBasedId } from '../ids/name-based-id.js';

/** The namespace of ids of commands that policies send (RFC 9562, 5.5). */
const namespace = '3d8f0a52-2f1c-4c7b-9a55-7c1f6f0e9b34';

/**
 * The id of the command that a policy sends: whoever else sends that command under it, as the gateway does to place what
 * was checked out, sends the same command.
 *
 * @param key what the policy's `key` gives: the event's id, where it has none.
 */
export const policyCommandId = (policy: string, key: string): string =>
  nameBasedId(JSON.stringify([policy, key]), namespace);
