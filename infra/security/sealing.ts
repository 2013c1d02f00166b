import type { Message } from '../../domains/shared/decider.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { EventSchema } from '../../domains/shared/event-schema.js';
import { unwrap, wrap } from './envelope.js';
import type { PersonalKeys } from './personal-keys.js';

type Data = Readonly<Record<string, unknown>>;
type Schema = EventSchema<Record<string, unknown>>;

/** A personal field as it lies in the log: base64url of nonce, ciphertext and tag. */
export type Sealed = Readonly<{ $sealed: string }>;

export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && '$sealed' in value && typeof value.$sealed === 'string';

/**
 * The event's data with its personal fields sealed by the key of the person they are about (AES-256-GCM, bound to the
 * field and the person). Empty fields (`null`) stay as they are.
 *
 * @throws DomainError `user.not_found` when there is something to seal of a person who was erased: what is recorded of
 * them after that has no personal fields, or empty ones; `service.unavailable` when the person's key can be neither read
 * nor made.
 */
export const sealEvent = async (keys: PersonalKeys, { type, data }: Message, schema: Schema): Promise<Data> => {
  const fields = data as Data;
  if (!schema.personal) return fields;
  const subject = subjectOf(type, fields, schema.personal.subject);
  const names = schema.personal.fields.filter((name) => fields[name] !== null && fields[name] !== undefined);
  if (names.length === 0) return fields;
  const key = await keys.keyFor(subject);
  if (key === null) throw new DomainError('user.not_found', `The user ${subject} was erased`);
  const sealed = names.map((name): [string, Sealed] => {
    const plain = Buffer.from(JSON.stringify(fields[name]));
    return [name, { $sealed: wrap(key, plain, `${subject}/${name}`).toString('base64url') }];
  });
  return { ...fields, ...Object.fromEntries(sealed) };
};

/**
 * The event's data with its personal fields readable; `null` for each whose key is gone.
 *
 * @throws DomainError `service.unavailable` when it cannot be told whether the key is there.
 */
export const openEvent = async (
  keys: Pick<PersonalKeys, 'find'>,
  { type, data }: Message,
  schema: Schema,
): Promise<Data> => {
  const fields = data as Data;
  if (!schema.personal) return fields;
  const subject = subjectOf(type, fields, schema.personal.subject);
  const key = await keys.find(subject);
  const opened = schema.personal.fields.map((name): [string, unknown] => {
    const value = fields[name];
    return [name, isSealed(value) ? openField(key, value, `${subject}/${name}`) : (value ?? null)];
  });
  return { ...fields, ...Object.fromEntries(opened) };
};

/** The event's data with personal fields as `null`: deciders need none of them, and no key is asked for. */
export const withoutPersonal = ({ data }: Message, schema: Schema): Data => {
  const fields = data as Data;
  return { ...fields, ...Object.fromEntries((schema.personal?.fields ?? []).map((name) => [name, null])) };
};

/** What stands before a sealed field where it is kept as text. */
const mark = 'sealed:';

/**
 * The event's data with its sealed fields as text, as views keep them: MongoDB takes no name that begins with a dollar
 * sign.
 */
export const keptSealed = (data: Data, { personal }: Schema): Data => {
  if (!personal) return data;
  const texts = personal.fields.flatMap((name): [string, string][] => {
    const value = data[name];
    return isSealed(value) ? [[name, `${mark}${value.$sealed}`]] : [];
  });
  return texts.length === 0 ? data : { ...data, ...Object.fromEntries(texts) };
};

/**
 * What a view keeps of a person, with the fields that it keeps sealed readable; `null` for each whose key is gone.
 *
 * @throws DomainError `service.unavailable` when it cannot be told whether the key is there.
 */
export const openKept = async <Row extends object>(
  keys: Pick<PersonalKeys, 'find'>,
  subject: string,
  names: readonly (keyof Row & string)[],
  row: Row,
): Promise<Row> => {
  const sealed = names.filter((name) => isKeptSealed(row[name]));
  if (sealed.length === 0) return row;
  const key = await keys.find(subject);
  const opened = sealed.map((name) => {
    const $sealed = String(row[name]).slice(mark.length);
    return [name, openField(key, { $sealed }, `${subject}/${name}`)];
  });
  return { ...row, ...(Object.fromEntries(opened) as Partial<Row>) };
};

const isKeptSealed = (value: unknown) => typeof value === 'string' && value.startsWith(mark);

const openField = (key: Buffer | null, { $sealed }: Sealed, context: string): unknown => {
  const plain = key && unwrap(key, Buffer.from($sealed, 'base64url'), context);
  return plain ? (JSON.parse(plain.toString()) as unknown) : null;
};

const subjectOf = (type: string, data: Data, field: string): string => {
  const subject = data[field];
  if (typeof subject !== 'string')
    throw new Error(`${type} names nobody in ${field}, so it cannot be sealed or opened`);
  return subject;
};
