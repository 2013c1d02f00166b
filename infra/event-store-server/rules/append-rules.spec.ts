import { judge, tombstoneRevision, type ExpectedRevision, type StreamState } from './append-rules.js';

const present = { isSoftDeleted: false, hasMetadata: false };
const empty: StreamState = { ...present, last: -1 };
/** A stream of the events a, b and c. */
const three: StreamState = { ...present, last: 2 };
const written = ['a', 'b', 'c'];

const verdict = (expected: ExpectedRevision, state: StreamState, ...ids: string[]) =>
  judge(expected, state, ids, {
    revisionOf: (id) => (state.last >= 0 && written.includes(id) ? written.indexOf(id) : undefined),
    idAt: (revision) => (state.last >= 0 ? written[revision] : undefined),
  });

const write = { type: 'write' };
const wrongVersion = { type: 'wrong-version' };
const deleted = { type: 'deleted' };
const repeat = (last: number) => ({ type: 'repeat', last });

describe('an append', () => {
  it.each<[ExpectedRevision, StreamState, object]>([
    ['any', empty, write],
    ['any', three, write],
    ['no_stream', empty, write],
    ['no_stream', three, wrongVersion],
    ['stream_exists', empty, wrongVersion],
    ['stream_exists', three, write],
    [2, three, write],
    [1, three, wrongVersion],
    [3, three, wrongVersion],
    [0, empty, wrongVersion],
  ])('of new events, expecting %s', (expected, state, outcome) =>
    expect(verdict(expected, state, 'x', 'y')).toEqual(outcome),
  );

  it.each<[ExpectedRevision, string, object]>([
    ['any', 'abc', repeat(2)],
    ['any', 'b', repeat(1)],
    ['any', 'ax', wrongVersion],
    ['any', 'xa', write],
    ['stream_exists', 'ab', repeat(1)],
    ['no_stream', 'abc', repeat(2)],
    ['no_stream', 'a', repeat(0)],
    ['no_stream', 'b', wrongVersion],
    ['no_stream', 'abcx', wrongVersion],
    [0, 'bc', repeat(2)],
    [0, 'c', wrongVersion],
    [0, 'bx', wrongVersion],
    [2, 'a', write],
  ])('expecting %s that repeats %s', (expected, ids, outcome) =>
    expect(verdict(expected, three, ...Array.from(ids))).toEqual(outcome),
  );

  it.each<[ExpectedRevision, object]>([
    ['any', write],
    [2, write],
    [1, wrongVersion],
  ])('of nothing, expecting %s', (expected, outcome) => expect(verdict(expected, three)).toEqual(outcome));

  it.each<[ExpectedRevision, object]>([
    ['any', write],
    ['no_stream', write],
    [2, write],
    ['stream_exists', deleted],
    [1, wrongVersion],
  ])('to a soft-deleted stream, expecting %s', (expected, outcome) =>
    expect(verdict(expected, { ...three, isSoftDeleted: true }, 'x')).toEqual(outcome),
  );

  it.each<ExpectedRevision>(['any', 'no_stream', 'stream_exists', 2])('to a tombstone, expecting %s', (expected) =>
    expect(verdict(expected, { ...present, last: tombstoneRevision }, 'x')).toEqual(deleted),
  );

  it('finds that a stream with nothing but metadata exists', () =>
    expect(verdict('stream_exists', { ...empty, hasMetadata: true }, 'x')).toEqual(write));
});
