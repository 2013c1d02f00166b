import { Counter, type Registry } from 'prom-client';
import { isDomainError } from '../../domains/shared/errors.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';

/** The same bus, with what became of every command counted in a registry. */
export const countedBus = (bus: ServiceBus, registry: Registry): ServiceBus => {
  const commands = new Counter({
    name: 'evermart_commands_total',
    help: 'Commands of the public API by what they came to: done, or the code of the refusal',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  return {
    send: async (context, command) => {
      const { type } = command;
      try {
        const receipt = await bus.send(context, command);
        commands.inc({ type, outcome: 'done' });
        return receipt;
      } catch (error) {
        commands.inc({ type, outcome: isDomainError(error) ? error.code : 'internal.error' });
        throw error;
      }
    },
    ask: bus.ask,
  };
};
