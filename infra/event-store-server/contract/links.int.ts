import { BACKWARDS, END, jsonEvent, type Position } from '@eventstore/db-client';
import { collect, counted, linkTo, newStream, positionOf, readAllOf, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const newSource = async () => {
  const source = newStream('source');
  await server.client.appendToStream(source, counted(3));
  return source;
};

const linksTo = async (...targets: string[]) => {
  const links = newStream('links');
  const { position } = await server.client.appendToStream(links, targets.map(linkTo));
  return { links, position: position as Position };
};

const resolved = async (links: string) => collect(server.client.readStream(links, { resolveLinkTos: true }));

it('gives the event that a link points to, and the link', async () => {
  const source = await newSource();
  const { links } = await linksTo(`1@${source}`, `0@${source}`);
  const events = await resolved(links);
  expect(events).toMatchObject([
    { event: { streamId: source, revision: 1n, data: { number: 1 } }, link: { streamId: links, revision: 0n } },
    { event: { streamId: source, revision: 0n, data: { number: 0 } }, link: { streamId: links, revision: 1n } },
  ]);
  expect(events[0]?.link).toMatchObject({ type: '$>' });
  const options = { resolveLinkTos: true, direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
  const [last] = await collect(server.client.readStream(links, options));
  expect(last?.event).toMatchObject({ streamId: source, revision: 0n });
});

it('gives links as they are unless it is asked to resolve them', async () => {
  const source = await newSource();
  const { links } = await linksTo(`1@${source}`);
  const [link] = await collect(server.client.readStream(links));
  expect(link?.event).toMatchObject({ streamId: links, type: '$>' });
  expect(Buffer.from(link?.event?.data as Uint8Array).toString()).toBe(`1@${source}`);
  expect(link?.link).toBeUndefined();
});

it('leaves other events alone', async () => {
  const source = await newSource();
  const [first] = await resolved(source);
  expect(first?.event).toMatchObject({ streamId: source, revision: 0n });
  expect(first?.link).toBeUndefined();
});

it('resolves links to streams of any name', async () => {
  const source = `1@2@größe ${newStream()}`;
  await server.client.appendToStream(source, counted(1));
  const { links } = await linksTo(`0@${source}`);
  expect((await resolved(links))[0]?.event).toMatchObject({ streamId: source, revision: 0n });
});

it('resolves a link that has metadata, or is marked as JSON', async () => {
  const source = await newSource();
  const links = newStream('links');
  await server.client.appendToStream(links, { ...linkTo(`2@${source}`), metadata: { $causedBy: 'x' } });
  const [event] = await resolved(links);
  expect(event).toMatchObject({ event: { revision: 2n }, link: { metadata: { $causedBy: 'x' } } });
});

describe('a dead link, given without an event,', () => {
  const expectDead = async (target: string) => {
    const { links } = await linksTo(target);
    const [dead] = await resolved(links);
    expect(dead?.link).toMatchObject({ streamId: links, revision: 0n });
    expect(dead?.event).toBeUndefined();
  };

  it('points beyond the end of a stream', async () => expectDead(`3@${await newSource()}`));

  it('points to a stream that never was', () => expectDead(`0@${newStream()}`));

  it('points to an event that was truncated', async () => {
    const source = await newSource();
    await server.client.setStreamMetadata(source, { truncateBefore: 2 });
    await expectDead(`1@${source}`);
  });

  it('points to a soft-deleted stream', async () => {
    const source = await newSource();
    await server.client.deleteStream(source);
    await expectDead(`1@${source}`);
  });

  it('points to a tombstoned stream', async () => {
    const source = await newSource();
    await server.client.tombstoneStream(source);
    await expectDead(`1@${source}`);
  });
});

it('takes an event for what it is when its type only looks like a link', async () => {
  const links = newStream('links');
  await server.client.appendToStream(links, [
    jsonEvent({ type: '$>', data: {} }),
    jsonEvent({ type: '$>>', data: {} }),
  ]);
  const events = await resolved(links);
  expect(events.map(({ event }) => [event?.streamId, event?.type])).toEqual([
    [links, '$>'],
    [links, '$>>'],
  ]);
});

it('resolves links in $all, at the position of the link', async () => {
  const source = await newSource();
  const { links, position } = await linksTo(`0@${source}`);
  const [event] = await readAllOf(server.client, [links], { fromPosition: position, resolveLinkTos: true });
  expect(event).toMatchObject({ event: { streamId: source }, link: { streamId: links } });
  expect(positionOf(event as NonNullable<typeof event>)).toEqual(position);
  expect(event?.commitPosition).toBe(position.commit);
});

it('resolves links for subscriptions, before and after they have caught up', async () => {
  const source = await newSource();
  const { links } = await linksTo(`0@${source}`, `9@${source}`);
  const subscription = server.client.subscribeToStream(links, { resolveLinkTos: true });
  const [alive, dead] = await untilCaughtUp(subscription);
  expect(alive).toMatchObject({ event: { streamId: source, revision: 0n }, link: { revision: 0n } });
  expect(dead).toMatchObject({ link: { revision: 1n } });
  const live = take(subscription, 1);
  await server.client.appendToStream(links, linkTo(`2@${source}`));
  expect(await live).toMatchObject([{ event: { streamId: source, revision: 2n }, link: { revision: 2n } }]);
});
