import { DomainError } from '../../domains/shared/errors.js';
import { fields, id, integer, optional, parseBy, type Parser } from '../../domains/shared/parse.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { buildChanges, type BuildChange, type ParkedStatus } from '../shared/projection-status.js';
import type { Operations } from './operations.js';
import type { ParkedEvent, ParkedRequest } from '../shared/parked-event.js';
import { replayQuestions } from './replays/questions.js';

/** The name under which the operations on views are asked for. */
export const projectionsContext = 'projections';

/**
 * The operations on views as questions of a service bus: `list`, `rebuild`, `switch`, `rollback`, `drop`, `parked`,
 * `retry` and `discard`, and those on replays. Each may come more than once, and late: it says what it means, a build by its number or parked
 * events by the position of the first.
 */
export const createOperationsBus = (operations: Operations): ServiceBus => {
  const questions: Readonly<Record<string, (data: unknown) => Promise<unknown>>> = {
    list: operations.list,
    ...Object.fromEntries(buildChanges.map((change) => [change, changing(operations, change)])),
    parked: async (data) => {
      const { name, key, after, limit } = parseParked(data);
      const parked = await operations.parked(name, { key, after: after === null ? null : BigInt(after), limit });
      return parked.map(shown);
    },
    retry: requesting(operations, 'retry'),
    discard: requesting(operations, 'discard'),
    ...replayQuestions(operations.replays),
  };
  return {
    send: (context, { type }) =>
      Promise.reject(
        new DomainError('command.unknown', `${context} takes no command ${type}: its operations are asked`),
      ),
    ask: async (_context, question, data) => {
      const answer = Object.hasOwn(questions, question) ? questions[question] : undefined;
      if (!answer) throw new DomainError('command.unknown', `The projections know no operation ${question}`);
      return answer(data);
    },
  };
};

/** The most parked events that are given at once. */
export const mostParked = 101;

const position: Parser<string> = (value, pointer, report) => {
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) report({ pointer, detail: 'must be a position' });
  return value as string;
};

const parseChange = parseBy(fields({ name: id, build: optional(integer(1, Number.MAX_SAFE_INTEGER)) }));
const parseParked = parseBy(
  fields({ name: id, key: optional(id), after: optional(position), limit: integer(1, mostParked) }),
);
const parseRequest = parseBy(fields({ name: id, key: id, first: optional(position) }));

const changing = (operations: Operations, change: BuildChange) => async (data: unknown) => {
  const { name, build } = parseChange(data);
  return operations[change](name, build);
};

const requesting = (operations: Operations, request: ParkedRequest) => async (data: unknown) => {
  const { name, key, first } = parseRequest(data);
  await operations.request(name, key, request, first === null ? null : BigInt(first));
  return { key, request };
};

/** A parked event as people see it. */
export const shown = ({ partition: _, position: at, ...parked }: ParkedEvent): ParkedStatus => ({
  ...parked,
  position: String(at),
});
