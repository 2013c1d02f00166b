import { END, jsonEvent, type Position } from '@eventstore/db-client';
import {
  collect,
  counted,
  linkTo,
  newStream,
  numbersOf,
  readAllOf,
  refusalOf,
  take,
  untilCaughtUp,
} from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

describe.each([
  ['accents', 'grüße'],
  ['Chinese and Japanese', '注文-ご注文'],
  ['text from right to left', 'הזמנה-طلب'],
  ['emoji, joined and coloured', '🛒👩🏽‍💻🇩🇪'],
  ['combining marks', 'e\u0301\u0323 ร้ำ'],
  ['characters beyond the basic plane', '𝒐𐍈𠜎'],
  ['spaces', ' a  b\u00a0c\u3000 '],
  ['slashes and dots', '/../a\\b//c?d#e&f=g'],
  ['percent signs', '100%25%00%'],
  ['quotes and brackets', `"'\`<{[(;--)]}>`],
  ['signs of links and of the system', '7@a@$b$$c'],
  ['control characters', 'a\tb\nc\r\u0001\u007f\u0085'],
  ['invisible characters', 'a\u200b\u200d\u202e\ufeffb'],
  ['a thousand letters', 'long-'.repeat(200)],
  ['a thousand signs of four bytes', '🛒'.repeat(1_000)],
])('%s in a name', (_what, text) => {
  it('name a stream as any other', async () => {
    const stream = `${text}${newStream('-')}${text}`;
    const first = await server.client.appendToStream(stream, counted(2), { expectedRevision: 'no_stream' });
    const again = server.client.appendToStream(stream, counted(1), { expectedRevision: 'no_stream' });
    expect(await refusalOf(again)).toMatchObject({ streamName: stream, actualVersion: 1n });

    const events = await collect(server.client.readStream(stream));
    expect(events.map(({ event }) => event?.streamId)).toEqual([stream, stream]);
    const [inAll] = await readAllOf(server.client, [stream], { fromPosition: first.position as Position });
    expect(inAll?.event?.streamId).toBe(stream);

    await server.client.setStreamMetadata(stream, { maxCount: 1, [text]: text });
    expect((await server.client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 1, [text]: text });
    expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([1]);
    const links = newStream('links');
    await server.client.appendToStream(links, linkTo(`1@${stream}`));
    const [link] = await collect(server.client.readStream(links, { resolveLinkTos: true }));
    expect(link?.event).toMatchObject({ streamId: stream, revision: 1n });

    const subscription = server.client.subscribeToStream(stream, { fromRevision: END });
    await untilCaughtUp(subscription);
    const live = take(subscription, 1);
    await server.client.appendToStream(stream, counted(1, 2));
    expect((await live)[0]?.event).toMatchObject({ streamId: stream, revision: 2n });
    await subscription.unsubscribe();

    await server.client.deleteStream(stream);
    const refusal = await refusalOf(collect(server.client.readStream(stream)));
    expect(refusal).toMatchObject({ type: 'stream-not-found', streamName: stream });
    await server.client.tombstoneStream(stream);
  });

  it('name a type, and stand in data and metadata', async () => {
    const stream = newStream();
    await server.client.appendToStream(
      stream,
      jsonEvent({ type: text, data: { [text]: text }, metadata: { [text]: text } }),
    );
    const [event] = await collect(server.client.readStream(stream));
    expect(event?.event).toMatchObject({ type: text, data: { [text]: text }, metadata: { [text]: text } });
  });
});

it('tells apart names that only look alike', async () => {
  const base = newStream();
  const names = ['é', 'e\u0301', 'É', 'e', 'е', 'é ', 'é\u200b'].map((letter) => `${base}${letter}`);
  for (const [number, stream] of names.entries()) await server.client.appendToStream(stream, counted(1, number));
  for (const [number, stream] of names.entries())
    expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([number]);
});
