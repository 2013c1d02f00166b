import type { Postgres } from '../../postgres/postgres.js';
import {
  dropLeakedKey,
  dropSigningKeys,
  prepareSigningKeys,
  publishSigningKey,
  readSigningKeys,
  type DatedKey,
} from '../signing-keys.js';
import { masterOf, type Master } from '../wrapping-keys.js';
import { RotationRefused } from './refusal.js';
import { signingStateOf, type SigningState } from './signing-state.js';
import type { Surroundings } from './surroundings.js';

type Given = Readonly<{
  postgres: Postgres;
  keys: Pick<Surroundings, 'masterKey'>;
  say: (line: string) => void;
}>;

/** So long a new key is only published: others keep the JWKS for five minutes, processes what they know for one. */
const publishedForSeconds = 600;

/** Publishes a new key, or says of the one that waits for its time when that is. */
export const rotateSigningCommand = async ({ postgres, keys, say }: Given): Promise<void> => {
  const master = await prepared(postgres, keys);
  const { kid, signsFrom } = await publishSigningKey(postgres, master, publishedForSeconds);
  say(`The key ${kid} is published, and signs from ${signsFrom.toISOString()} on.`);
  say('Nothing needs to be restarted. When everything that older keys signed has expired, run:');
  say('npm run keys -- signing retire');
};

/**
 * Drops the keys older than the one that signs; once more is a success.
 *
 * @throws RotationRefused where tokens that they signed may still be good.
 */
export const retireSigningCommand = async ({ postgres, keys, say }: Given): Promise<void> => {
  const { retirable, retirableFrom } = await stateFor(postgres, keys);
  if (retirable.length > 0 && retirableFrom !== null)
    throw new RotationRefused(
      `Access tokens that the older keys signed may be good until ${retirableFrom}: retire them then`,
    );
  await dropSigningKeys(
    postgres,
    retirable.map(({ name }) => name),
  );
  say(`${retirable.length} older keys are dropped: nothing that they signed is taken any more.`);
};

/**
 * Drops a key that others may have, whatever it has signed; another signs at once where it did.
 *
 * @throws RotationRefused where no key is called so.
 */
export const retireLeakedCommand = async ({ postgres, keys, say }: Given, leaked: string): Promise<void> => {
  const signing = await dropLeakedKey(postgres, await prepared(postgres, keys), leaked);
  if (!signing) throw new RotationRefused(`No key is called ${leaked}: npm run keys -- signing status shows them`);
  say(`The key ${leaked} is dropped: nothing that it signed is taken any more. The key ${signing.kid} signs.`);
  say('Whoever is signed in by the dropped key has to refresh the access token; nobody has to give a password.');
  say('Whoever keeps /.well-known/jwks.json has to fetch it again now.');
};

/** Says which keys there are, as lines for a person or as JSON. */
export const signingStatusCommand = async ({ postgres, keys, say }: Given, asJson: boolean): Promise<void> => {
  const { listed } = await stateFor(postgres, keys);
  if (asJson) say(JSON.stringify(listed, null, 2));
  else listed.forEach(({ kid, state, signsFrom }) => say(`${kid} ${words[state]} (${signsFrom})`));
};

const words = {
  published: 'is published, and signs later',
  signs: 'signs',
  verifies: 'is good for what it has signed',
} as const satisfies Record<SigningState['listed'][number]['state'], string>;

const stateFor = async (postgres: Postgres, keys: Given['keys']): Promise<SigningState<DatedKey>> =>
  signingStateOf(await readSigningKeys(postgres, await prepared(postgres, keys)));

const prepared = async (postgres: Postgres, { masterKey }: Given['keys']): Promise<Master> => {
  const master = masterOf(masterKey);
  await prepareSigningKeys(postgres, master);
  return master;
};
