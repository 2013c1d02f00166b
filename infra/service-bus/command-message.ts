import { fields, id, optional, parseBy, text, type Parser } from '../../domains/shared/parse.js';
import type { CommandMessage } from './service-bus.js';

/** Whatever JSON there is: those who ask for it parse it. */
export const anything: Parser<unknown> = (value) => value;

const parseFields = parseBy(
  fields({
    type: text(100),
    data: anything,
    at: text(40),
    commandId: id,
    requestHash: optional(text(200)),
    correlationId: id,
    causationId: optional(id),
    actor: text(200),
    traceparent: text(60),
  }),
);

/** A command as another process sent it. @throws DomainError `command.invalid` naming what is wrong with its envelope. */
export const parseCommandMessage = (body: unknown): CommandMessage => {
  const { requestHash, causationId, ...message } = parseFields(body);
  return {
    ...message,
    ...(requestHash === null ? {} : { requestHash }),
    ...(causationId === null ? {} : { causationId }),
  };
};
