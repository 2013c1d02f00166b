import fc from 'fast-check';
import { judge, type ExpectedRevision } from '../../rules/append-rules.js';
import { openModel, type Model } from './model.js';

const stream = 's';
const event = (id: string) => ({ id, type: 'T', isJson: true, metadata: Buffer.alloc(0), data: Buffer.from('{}') });

/** Few ids, so that they come again, within one append as well. */
const someIds = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 });

const aModel = fc
  .record({ ids: someIds, hasMetadata: fc.boolean(), end: fc.constantFrom('none', 'soft', 'soft', 'tombstone') })
  .map(({ ids, hasMetadata, end }) => {
    const model = openModel();
    for (const [index, id] of ids.entries()) model.append(stream, index === 0 ? 'no_stream' : index - 1, [event(id)]);
    if (hasMetadata) model.append(`$$${stream}`, 'any', [event('metadata')]);
    if (end === 'soft') model.softDelete(stream, 'any');
    if (end === 'tombstone') model.tombstone(stream, 'any');
    return model;
  });

const anExpectation = fc.oneof(
  fc.constantFrom<ExpectedRevision>('any', 'no_stream', 'stream_exists'),
  fc.integer({ min: 0, max: 6 }),
);

const written = (model: Model) => model.all().filter((one) => one.stream === stream);

it('the rules of an append say what the model does', () =>
  expect(() =>
    fc.assert(
      fc.property(aModel, anExpectation, someIds, (model, expected, ids) => {
        const before = written(model);
        const state = model.stateOf(stream);
        const verdict = judge(expected, state, ids, {
          revisionOf: (id) => before.findLast((one) => one.id === id)?.revision,
          idAt: (revision) => before.find((one) => one.revision === revision)?.id,
        });
        const answer = model.append(stream, expected, ids.map(event));
        const added = written(model).length - before.length;
        const last =
          verdict.type === 'repeat' ? verdict.last : state.last + (verdict.type === 'write' ? ids.length : 0);
        const isAccepted = verdict.type === 'write' || verdict.type === 'repeat';
        expect({ ...answer, added }).toMatchObject({
          type: isAccepted ? 'written' : verdict.type,
          added: verdict.type === 'write' ? ids.length : 0,
          ...(verdict.type !== 'deleted' && { last }),
        });
      }),
      { numRuns: 3_000, includeErrorInReport: true },
    ),
  ).not.toThrow());
