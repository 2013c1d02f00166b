import { isTransient } from './transient.js';

it.each([
  'service.unavailable',
  'service.timeout',
  'internal.error',
  'command.conflict',
  'auth.invalid_token',
  'route.not_found',
  'command.unknown',
] as const)('%s says nothing of the command', (code) => expect(isTransient({ code })).toBe(true));

it.each(['command.invalid', 'order.illegal_transition', 'stock.out_of_stock', 'user.not_found'] as const)(
  '%s is what a rule says of the command',
  (code) => expect(isTransient({ code })).toBe(false),
);
