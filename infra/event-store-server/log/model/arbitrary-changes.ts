import fc from 'fast-check';
import { anyContent, variations, type Change, type Content, type Expectation } from './changes.js';

/** One name twice, as Unicode composes and decomposes it, and one that differs from another only by its case. */
const plainStreams = ['s', 'S', 'größe-日本', 'größe-日本'.normalize('NFD')] as const;
const metadataStreams = ['$$s', '$$größe-日本'] as const;

/** The streams that changes are made to. Two of them by far the most often, so that changes meet. */
export const aStream = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('s', '$$s') },
  { weight: 3, arbitrary: fc.constantFrom(...plainStreams, ...metadataStreams) },
);
const aPlainStream = fc.oneof(fc.constant('s'), fc.constantFrom(...plainStreams));
const aMetadataStream = fc.oneof(fc.constant('$$s'), fc.constantFrom(...metadataStreams));

const anExpectation: fc.Arbitrary<Expectation> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('any' as const) },
  { weight: 3, arbitrary: fc.constantFrom('no_stream' as const, 'stream_exists' as const) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: -5, max: 3 }) },
);

const aLink = fc
  .tuple(fc.nat(6), fc.constantFrom(...plainStreams, ...metadataStreams, 'missing'))
  .map(([revision, stream]) => `${revision}@${stream}`);

const ordinaryContent: fc.Arbitrary<Content> = fc.record({
  type: fc.constantFrom('Counted', 'Größe', '$system'),
  isJson: fc.boolean(),
  data: fc.oneof(fc.constantFrom('', '{"number":1}', '{"größe":"日本"}'), fc.uint8Array({ maxLength: 4 })),
  padding: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(17_000) }),
});

const linkContent: fc.Arbitrary<Content> = fc.record({
  type: fc.constant('$>'),
  isJson: fc.constant(false),
  data: fc.oneof(
    { weight: 9, arbitrary: aLink },
    { weight: 1, arbitrary: fc.constantFrom('', '1', '@s', 'x@s', '1@') },
  ),
  padding: fc.constant(0),
});

const someMetadata = fc.oneof(
  fc.nat(6).map(($tb) => JSON.stringify({ $tb })),
  fc.integer({ min: 1, max: 4 }).map(($maxCount) => JSON.stringify({ $maxCount, owner: 'x' })),
  fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 4 })).map(([$tb, $maxCount]) => JSON.stringify({ $maxCount, $tb })),
  fc.constantFrom('{"$tb":9223372036854775807,"owner":"x"}', '{"$maxAge":1000000000000}', '{"$maxAge":1000000000}'),
  fc.constantFrom(
    ...['', 'not JSON', 'null', '[]', '"$tb"', '{}', '{"$tb":"4"}', '{"$tb":1.5}', '{"$tb":null,"$maxCount":1}'],
    ...['{"$maxCount":0}', '{"$maxCount":-1,"$tb":2}', '{"$maxCount":"1","$tb":2}', '{"$maxAge":0}', '{"$tb":1e30}'],
  ),
);

const metadataContent: fc.Arbitrary<Content> = fc.record({
  type: fc.constant('$metadata'),
  isJson: fc.constant(true),
  data: someMetadata,
  padding: fc.constant(0),
});

const anAppend = (stream: fc.Arbitrary<string>, content: fc.Arbitrary<Content>): fc.Arbitrary<Change> =>
  fc.record({
    type: fc.constant('append' as const),
    stream,
    expectation: anExpectation,
    contents: fc.array(content, { maxLength: 5, size: 'max' }),
    times: fc.constant(1),
  });

/** More than a page holds. */
const aLongAppend: fc.Arbitrary<Change> = fc.record({
  type: fc.constant('append' as const),
  stream: aStream,
  expectation: anExpectation,
  contents: fc.constant([anyContent]),
  times: fc.integer({ min: 250, max: 600 }),
});

const aRepeat: fc.Arbitrary<Change> = fc.tuple(aStream, fc.boolean(), aStream).chain(([of, isElsewhere, other]) =>
  fc.record({
    type: fc.constant('repeat' as const),
    of: fc.constant(of),
    to: fc.constant(isElsewhere ? other : of),
    first: fc.nat(8),
    count: fc.integer({ min: 1, max: 5 }),
    variation: fc.oneof(fc.constant('none' as const), fc.constantFrom(...variations)),
    expectation: fc.oneof(fc.constant('the revision before them' as const), anExpectation),
  }),
);

const aDeletion = (type: 'softDelete' | 'tombstone'): fc.Arbitrary<Change> =>
  fc.record({ type: fc.constant(type), stream: aPlainStream, expectation: anExpectation });

/** Test-only. Any change, deletions the rarer since they leave little to be seen. */
export const aChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 40,
    arbitrary: anAppend(
      aPlainStream,
      fc.oneof({ weight: 4, arbitrary: ordinaryContent }, { weight: 1, arbitrary: linkContent }),
    ),
  },
  { weight: 20, arbitrary: anAppend(aMetadataStream, metadataContent) },
  { weight: 30, arbitrary: aRepeat },
  { weight: 1, arbitrary: aLongAppend },
  { weight: 15, arbitrary: aDeletion('softDelete') },
  { weight: 5, arbitrary: aDeletion('tombstone') },
);
