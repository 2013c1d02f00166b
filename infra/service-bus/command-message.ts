import { fields, id, optional, parseBy, text, type Parser } from '../../domains/shared/parse.js';
import type { CommandMessage } from './service-bus.js';

/** Whatever JSON there is: those who ask for it parse it. */
export const anything: Parser<unknown> = (value) => value;

const onlyTrue: Parser<true | null> = (value, pointer, report) => {
  if (value === undefined || value === null) return null;
  if (value !== true) report({ pointer, detail: 'must be true where it is given' });
  return true;
};

const parseFields = parseBy(
  fields({
    type: text(100),
    data: anything,
    at: text(40),
    commandId: id,
    isNew: onlyTrue,
    requestHash: optional(text(200)),
    correlationId: id,
    causationId: optional(id),
    actor: text(200),
    traceparent: text(60),
  }),
);

/** A command as another process sent it. @throws DomainError `command.invalid` naming what is wrong with its envelope. */
export const parseCommandMessage = (body: unknown): CommandMessage => {
  const { isNew, requestHash, causationId, ...message } = parseFields(body);
  return {
    ...message,
    ...(isNew === null ? {} : { isNew }),
    ...(requestHash === null ? {} : { requestHash }),
    ...(causationId === null ? {} : { causationId }),
  };
};
