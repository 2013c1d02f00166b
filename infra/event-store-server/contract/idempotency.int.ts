import { WrongExpectedVersionError, type AppendExpectedRevision, type EventData } from '@eventstore/db-client';
import { collect, counted, newStream, numbersOf, refusalOf, waysToAppend } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

describe.each(waysToAppend)('%s', (_name, options) => {
  const append = (stream: string, events: readonly EventData[], expectedRevision: AppendExpectedRevision) =>
    server.client.appendToStream(stream, [...events], { expectedRevision, ...options });

  const numbersIn = async (stream: string) => numbersOf(await collect(server.client.readStream(stream)));

  it.each<[AppendExpectedRevision, AppendExpectedRevision]>([
    ['any', 'any'],
    ['no_stream', 'no_stream'],
    ['any', 'stream_exists'],
    ['no_stream', 'any'],
    ['any', 'no_stream'],
  ])('of what was written expecting %s answers as the first time when it expects %s', async (before, expected) => {
    const stream = newStream();
    const events = counted(3);
    const first = await append(stream, events, before);
    await append(stream, counted(1, 3), 'any');
    expect(await append(stream, events, expected)).toEqual(first);
    expect(await numbersIn(stream)).toEqual([0, 1, 2, 3]);
  });

  it('of what was written after a revision answers as the first time', async () => {
    const stream = newStream();
    await append(stream, counted(2), 'no_stream');
    const events = counted(2, 2);
    const first = await append(stream, events, 1n);
    await append(stream, counted(1, 4), 3n);
    expect(await append(stream, events, 1n)).toEqual(first);
    expect(await numbersIn(stream)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each<[string, AppendExpectedRevision, bigint]>([
    ['1', 'any', 1n],
    ['12', 'stream_exists', 2n],
    ['0', 'no_stream', 0n],
    ['12', 0n, 2n],
  ])('of a part, %s of 012, that expects %s is taken for a repeat', async (part, expected, revision) => {
    const stream = newStream();
    const events = counted(3);
    await append(stream, events, 'no_stream');
    const result = await append(stream, pick(events, part), expected);
    expect(result).toMatchObject({ success: true, nextExpectedRevision: revision });
    expect(await numbersIn(stream)).toEqual([0, 1, 2]);
  });

  it.each<[string, AppendExpectedRevision]>([
    ['03', 'any'],
    ['0123', 'stream_exists'],
    ['0123', 'no_stream'],
    ['1', 'no_stream'],
    ['2', 0n],
    ['13', 0n],
  ])('of %s when 012 is there is refused when it expects %s', async (part, expected) => {
    const stream = newStream();
    const events = counted(4);
    await append(stream, events.slice(0, 3), 'no_stream');
    const refusal = await refusalOf(append(stream, pick(events, part), expected));
    expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
    expect(refusal).toMatchObject({ streamName: stream, expectedVersion: expected, actualVersion: 2n });
    expect(await numbersIn(stream)).toEqual([0, 1, 2]);
  });

  it('writes events twice when a new one precedes them', async () => {
    const stream = newStream();
    const events = counted(2);
    await append(stream, events.slice(1), 'any');
    await append(stream, events, 'any');
    expect(await numbersIn(stream)).toEqual([1, 0, 1]);
  });

  it('writes once what is sent many times at once', async () => {
    const stream = newStream();
    const events = counted(3);
    // EventStoreDB lets a repeat time out while the first is on its way, and answers the next.
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => append(stream, events, 'any')));
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled');
    const result = await append(stream, events, 'any');
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(await numbersIn(stream)).toEqual([0, 1, 2]);
  });

  it('keeps ids apart by stream', async () => {
    const [one, other] = [newStream(), newStream()];
    const events = counted(2);
    await append(one, events, 'no_stream');
    await append(other, events, 'no_stream');
    expect(await numbersIn(other)).toEqual([0, 1]);
  });
});

const pick = (events: readonly EventData[], part: string) =>
  Array.from(part, (index) => events[Number(index)] as EventData);
