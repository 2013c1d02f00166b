import { status } from '@grpc/grpc-js';
import type { OperatorService } from '@temporalio/client';
import type { Log } from '../logging/log.js';
import { searchAttributes } from './search-attributes.js';

const namespace = 'default';

/** `temporal.api.enums.v1.IndexedValueType`. */
const indexedTypes = { KEYWORD: 2, INT: 3 } as const;

let isRefusalSaid = false;

/**
 * Adds to Temporal's namespace the search attributes that it does not have yet. Repeats, also by several processes at
 * once, change nothing. Where this process may not add them, the log says once what is to be done, and work goes on.
 *
 * @throws Error when Temporal does not answer.
 */
export const registerSearchAttributes = async (
  { operatorService }: Readonly<{ operatorService: OperatorService }>,
  log: Log,
): Promise<void> => {
  try {
    const missing = await missingFrom(operatorService);
    if (missing.length > 0) await add(operatorService, missing);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (isRefusalSaid) return;
    isRefusalSaid = true;
    const wanted = Object.values(searchAttributes).map(({ name, type }) => `${name}=${type}`);
    log.error(
      { err: error, wanted },
      'Temporal lets nobody from here add search attributes, and sagas cannot run without them: add those in `wanted` ' +
        'to the namespace default with `temporal operator search-attribute create`, or in Temporal Cloud with ' +
        '`tcld namespace search-attributes add`',
    );
  }
};

type Attribute = (typeof searchAttributes)[keyof typeof searchAttributes];

const missingFrom = async (operator: OperatorService): Promise<readonly Attribute[]> => {
  const { customAttributes } = await operator.listSearchAttributes({ namespace });
  return Object.values(searchAttributes).filter(({ name }) => !Object.hasOwn(customAttributes, name));
};

const add = async (operator: OperatorService, missing: readonly Attribute[]): Promise<void> => {
  const types = missing.map(({ name, type }) => [name, indexedTypes[type]] as const);
  try {
    await operator.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
  } catch (error) {
    // Another process was faster.
    if ((await missingFrom(operator)).length > 0) throw error;
  }
};

const refusals: ReadonlySet<unknown> = new Set([
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
]);

const isRefusal = (error: unknown): boolean => error instanceof Error && 'code' in error && refusals.has(error.code);
