import type { Postgres } from '../../postgres/postgres.js';
import { masterOf, prepareWrappingKeys } from '../wrapping-keys.js';
import { readKeyState, type KeyState } from './key-state.js';
import { retire } from './retire.js';
import { isUnderWay, rotate } from './rotate.js';
import type { Surroundings } from './surroundings.js';

type Given = Readonly<{ postgres: Postgres; keys: Surroundings; say: (line: string) => void; batch?: number }>;

/** Rotates to the given, kept or a made master key, and puts it where `npm start` finds it. Says what is to be done then. */
export const rotateCommand = async ({ postgres, keys, say, batch }: Given): Promise<void> => {
  const { masterKey, newMasterKey, isKept, files } = keys;
  const state = await stateFor(postgres, masterKey);
  const isNew = isUnderWay(state) && state.present === state.yours.fingerprint;
  const next = isNew ? newMasterKey : nextKeyOf(keys, isUnderWay(state));
  await rotate({
    postgres,
    masterKey,
    newMasterKey: next,
    ...(batch !== undefined && { batch }),
    onProgress: (done, total) => say(`${done} of ${total} keys wrapped anew`),
  });
  if (isKept && next !== undefined) files.switchToNext(next);
  say(`The keys open with the old master key and the new one. ${whereIs(keys, isNew)}`);
  say('Restart every process with the new one, then run: npm run keys -- retire');
};

/** Takes the keys from the old master key, and the old master key from the data folder. */
export const retireCommand = async ({ postgres, keys, say }: Given): Promise<void> => {
  await retire({ postgres, masterKey: keys.masterKey });
  keys.files.removeRetired(keys.masterKey);
  say('Only the present master key opens the keys.');
};

/** Says how the keys are wrapped, as lines for a person or as JSON. */
export const statusCommand = async ({ postgres, keys, say }: Given, asJson: boolean): Promise<void> => {
  const state = await stateFor(postgres, keys.masterKey);
  const lines = asJson ? [JSON.stringify(state, null, 2)] : linesOf(state);
  lines.forEach(say);
};

const stateFor = async (postgres: Postgres, masterKey: string): Promise<KeyState> => {
  const master = masterOf(masterKey);
  await prepareWrappingKeys(postgres, master);
  return readKeyState(postgres, master);
};

/** Kept before anything is wrapped by it: a key that only this process knew would be lost with the process. */
const nextKeyOf = ({ newMasterKey, isKept, files }: Surroundings, underWay: boolean): string | undefined => {
  if (newMasterKey !== undefined && !isKept) return newMasterKey;
  if (underWay && newMasterKey === undefined && files.next() === null) return undefined;
  return files.keepNext(newMasterKey);
};

const whereIs = ({ isKept, newMasterKey, files }: Surroundings, isNew: boolean): string => {
  if (isKept) return `The new one is in ${files.paths.present}.`;
  if (isNew) return 'MASTER_KEY is the new one.';
  return newMasterKey === undefined ? `The new one is in ${files.paths.next}.` : 'NEW_MASTER_KEY is the new one.';
};

const linesOf = (state: KeyState): readonly string[] => {
  const { yours, present, masters, versions, erased } = state;
  const role = yours.fingerprint === present ? 'the present one' : 'the old one, not retired yet';
  return [
    `Your master key ${yours.fingerprint} is ${yours.isKnown ? role : 'not one that opens the keys'}`,
    `Master keys that open the keys: ${masters.join(', ')} (present: ${present})`,
    ...versions.map(
      ({ version, madeAt, personalKeys, platformSecrets }) =>
        `Wrapping key ${version} of ${madeAt}: ${personalKeys} personal keys, ${platformSecrets} platform secrets`,
    ),
    `Erased people: ${erased}`,
    isUnderWay(state) ? 'A rotation is under way: npm run keys -- rotate, then retire' : 'No rotation is under way',
  ];
};
