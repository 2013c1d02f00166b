import { givenFor } from '../shared/testing/given.js';
import { reader } from './reader.js';
import { audit } from './service.js';

const given = givenFor(reader);
const what = 'GET /api/v1/audit/streams/order-1';

it('records every read, the same one again as well', () =>
  given({ type: 'AuditRead', data: { what } })
    .when({ type: 'RecordAuditRead', data: { reader: 'u1', what } })
    .thenEmits({ type: 'AuditRead', data: { what } }));

it('counts the reads of a reader', () =>
  expect(reader.evolve({ reads: 1 }, { type: 'AuditRead', data: { what } })).toEqual({ reads: 2 }));

it('goes to the stream of whoever reads', () => {
  const command = audit.commands['RecordAuditRead'];
  const data: unknown = command?.parse({ reader: 'u1', what });
  const facts = { at: '2026-01-01T00:00:00.000Z', actor: 'u1', commandId: 'c1', nameBasedId: () => '' };
  expect(command?.steps(data, {}, facts)).toMatchObject([{ aggregate: { category: 'audit' }, id: 'u1' }]);
});
