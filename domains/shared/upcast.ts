/** The data of an event as it was stored. */
type Data = Readonly<Record<string, unknown>>;

/**
 * For every event type whose shape has changed: how data of schema version n becomes data of version n + 1, under n.
 * Pure. A personal field that is sealed passes through as it is; one that is new is `null`.
 */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, (data: Data) => Data>>>>;

/**
 * An event's data in the present shape of its type.
 *
 * @throws Error where a step is missing, or where the event was stored by a version of this code that is yet to come.
 */
export const upcast = (
  upcasters: Upcasters,
  event: Readonly<{ type: string; data: Data }>,
  stored: number,
  present: number,
): Data => {
  if (stored > present)
    throw new Error(`${event.type} was stored in version ${stored}; this code knows versions up to ${present}`);
  let { data } = event;
  for (let version = stored; version < present; version += 1) {
    const step = upcasters[event.type]?.[version];
    if (!step) throw new Error(`No upcaster leads ${event.type} from version ${version} to ${version + 1}`);
    data = step(data);
  }
  return data;
};
