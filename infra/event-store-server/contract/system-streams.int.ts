import { excludeSystemEvents, jsonEvent, streamNameFilter, type Position } from '@eventstore/db-client';
import { collect, counted, newStream, numbersOf, readAllOf, streamOf, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

it('can be written and read as any other', async () => {
  const stream = newStream('$contract');
  await server.client.appendToStream(stream, counted(2), { expectedRevision: 'no_stream' });
  expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([0, 1]);
});

it('can have metadata', async () => {
  const stream = newStream('$contract');
  await server.client.appendToStream(stream, counted(3));
  await server.client.setStreamMetadata(stream, { maxCount: 1 });
  expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([2]);
});

describe('in $all', () => {
  const [ordinary, system] = [newStream(), newStream('$contract')];
  let before: Position;
  beforeAll(async () => {
    before = (await server.client.appendToStream(newStream(), counted(1))).position as Position;
    await server.client.setStreamMetadata(ordinary, { owner: 'x' });
    await server.client.appendToStream(system, [jsonEvent({ type: '$system', data: {} }), ...counted(1)]);
    await server.client.appendToStream(ordinary, [...counted(1), jsonEvent({ type: '$system', data: {} })]);
  });

  const ours = [ordinary, system, `$$${ordinary}`];
  const subscribed = async (filter: ReturnType<typeof excludeSystemEvents>) => {
    const events = await untilCaughtUp(server.client.subscribeToAll({ fromPosition: before, filter }));
    return events.filter((event) => ours.includes(streamOf(event)));
  };

  it('show with all their events', async () => {
    const events = await readAllOf(server.client, ours, { fromPosition: before });
    expect(events.map(({ event }) => [event?.streamId, event?.type])).toEqual([
      [`$$${ordinary}`, '$metadata'],
      [system, '$system'],
      [system, 'Counted'],
      [ordinary, 'Counted'],
      [ordinary, '$system'],
    ]);
  });

  it('do not show the events whose type says that they are of the system, when those are excluded', async () => {
    const events = await subscribed(excludeSystemEvents());
    expect(events).toMatchObject([
      { event: { streamId: system, type: 'Counted' } },
      { event: { streamId: ordinary, type: 'Counted' } },
    ]);
  });

  it('do not show when a filter excludes their names', async () => {
    const events = await subscribed(streamNameFilter({ regex: '^[^$].*' }));
    expect(events).toMatchObject([
      { event: { streamId: ordinary, type: 'Counted' } },
      { event: { streamId: ordinary, type: '$system' } },
    ]);
  });
});
