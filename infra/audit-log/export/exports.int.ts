import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Position } from '../../event-store/stored-event.js';
import { TargetUnreachable } from '../checkpoint-target.js';
import { newEvent } from '../testing/audited-store.js';
import { inDatabase } from '../testing/database-file.js';
import { logThrough } from '../testing/log-through.js';
import type { Selection } from './bundle-format.js';
import { by, numbers, openExportDesk } from './testing/export-desk.js';

const desk = openExportDesk();

const everyTime = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
const noon = Date.parse('2026-01-31T12:00:00Z');
const dayAfter = noon + 86_400_000;
const atNoon = { from: '2026-01-31T12:00:00Z', to: '2026-01-31T12:00:01Z' };

/** Has events stored at other times, before they are logged. */
const storedAt = (...times: readonly (readonly [Position, number])[]) =>
  desk.store().tamper(
    inDatabase((file) => {
      for (const [{ commit }, created] of times) file.change(commit, { created });
    }),
  );

const moreOfStream = async () => {
  await desk.store().append('cart-1', ...numbers(3));
  await logThrough(desk.engines(), desk.store());
};

describe('a bundle', () => {
  it('of a stream has its events with proofs, and is found good with the public key alone', async () => {
    await desk.store().append('cart-1', ...numbers(300));
    await desk.store().append('cart-2', ...numbers(3));
    await desk.store().append('cart-1', ...numbers(300));
    await logThrough(desk.engines(), desk.store());
    const { files, manifest } = await desk.exported({ stream: 'cart-1' });
    expect(Object.keys(files)).toEqual([
      ...['README.txt', 'checkpoint.txt', 'public-key.pem', 'events-0001.ndjson', 'proofs-0001.ndjson'],
      ...['manifest.json', 'manifest.sig'],
    ]);
    expect(manifest).toMatchObject({ selection: { stream: 'cart-1' }, exportedBy: by, events: 600, logSize: 603 });
    expect(await desk.checked()).toMatchObject({ isGood: true });
    const another = generateKeyPairSync('ed25519').publicKey;
    expect((await desk.checked(another)).bad.map(({ what }) => what)).toEqual([
      ...['public-key.pem', 'checkpoint.txt', 'manifest.json'],
    ]);
  });

  it('of a correlation has what one request led to, in whatever streams', async () => {
    const append = (stream: string, correlationId: string) =>
      desk.store().eventStore.append(stream, [newEvent(1, correlationId), newEvent(2, correlationId)], 'no_stream');
    await append('cart-1', 'one');
    await append('cart-2', 'two');
    await append('cart-3', 'one');
    await logThrough(desk.engines(), desk.store());
    const { files, manifest } = await desk.exported({ correlationId: 'one' });
    const streams = (files['events-0001.ndjson'] ?? '').match(/"stream":"[^"]+"/g);
    expect(streams).toEqual(['"stream":"cart-1"', '"stream":"cart-1"', '"stream":"cart-3"', '"stream":"cart-3"']);
    expect(manifest.events).toBe(4);
    expect(await desk.checked()).toMatchObject({ isGood: true });
  });

  it('of a period has what was stored in it, also where that is nothing', async () => {
    await desk.store().append('cart-1', ...numbers(5));
    const events = await desk.everything();
    await logThrough(desk.engines(), desk.store());
    const [from, to] = [events[0]?.created as Date, new Date((events[4]?.created.getTime() ?? 0) + 1)];
    const whole = await desk.exported({ from: from.toISOString(), to: to.toISOString() });
    expect(whole.manifest.events).toBe(5);
    expect(await desk.checked()).toMatchObject({ isGood: true });
    const none = await desk.exported({ from: to.toISOString(), to: new Date(to.getTime() + 1_000).toISOString() });
    expect(none.manifest).toMatchObject({ events: 0, first: null, last: null });
    expect(await desk.checked()).toMatchObject({ isGood: true });
  });

  it('waits for the log to have what was stored when it was asked for', async () => {
    await desk.store().append('cart-1', 1);
    await logThrough(desk.engines(), desk.store());
    await desk.store().append('cart-1', 2);
    const opening = desk.exported({ stream: 'cart-1' });
    await desk.store().append('cart-2', 1);
    await logThrough(desk.engines(), desk.store());
    expect((await opening).manifest.events).toBe(2);
  });

  it('has what was signed, also where more is logged before it is made', async () => {
    await desk.store().append('cart-1', ...numbers(5));
    await logThrough(desk.engines(), desk.store());
    const { manifest } = await desk.exported({ stream: 'cart-1' }, { sign: desk.signingBefore(moreOfStream) });
    expect(manifest).toMatchObject({ events: 5, logSize: 5 });
    expect(await desk.checked()).toMatchObject({ isGood: true });
  });

  it('is made under a note that is published', async () => {
    await desk.store().append('cart-1', 1);
    await logThrough(desk.engines(), desk.store());
    const away = { ...desk.target(), append: () => Promise.reject(new TargetUnreachable('It is away')) };
    await expect(desk.signingTo(away)()).rejects.toThrow();
    const { files } = await desk.exported({ stream: 'cart-1' });
    expect(await desk.target().all()).toEqual([files['checkpoint.txt']]);
  });

  it('of a period has what was stored in it before and after an event of a clock that was wrong', async () => {
    const first = await desk.store().append('cart-1', 1);
    const wrong = await desk.store().append('cart-1', 2);
    const last = await desk.store().append('cart-1', 3);
    await storedAt([first, noon], [wrong, dayAfter], [last, noon + 1]);
    await logThrough(desk.engines(), desk.store());
    const { files, manifest } = await desk.exported(atNoon);
    expect(manifest.events).toBe(2);
    expect(files['events-0001.ndjson']).toMatch(/"thing":1.+\n.+"thing":3/);
  });

  it('of a period is looked for no further than well behind it', async () => {
    const first = await desk.store().append('cart-1', 1);
    await desk.store().append('cart-2', ...Array.from({ length: 1_100 }, () => 'later'));
    const [, ...later] = await desk.everything();
    await storedAt([first, noon], ...later.map(({ position }): [Position, number] => [position, dayAfter]));
    await logThrough(desk.engines(), desk.store());
    const last = (await desk.store().eventStore.head()) as Position;
    await desk.store().tamper(inDatabase((file) => file.change(last.commit, { data: '{}' })));
    expect((await desk.exported(atNoon)).manifest.events).toBe(1);
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [{ correlationId: 'one' }], [everyTime]])(
    'is made no further once whoever asked has left: %j',
    async (selection) => {
      const many = Array.from({ length: 300 }, (_, number) => newEvent(number, 'one'));
      await desk.store().eventStore.append('cart-1', many, 'no_stream');
      await logThrough(desk.engines(), desk.store());
      const leaving = new AbortController();
      const bundle = await desk.open(selection, { mostOfPart: 50 }, leaving.signal);
      leaving.abort();
      await expect(pipeline(bundle, createWriteStream(desk.file()))).rejects.toMatchObject({
        name: 'AbortError',
      });
    },
  );

  it.each<[Selection, string]>([
    [{ stream: 'cart-9' }, 'audit.no_such_stream'],
    [{ correlationId: 'nobody' }, 'audit.no_such_correlation'],
  ])('of nothing is refused: %j', async (selection, code) => {
    await desk.store().append('cart-1', 1);
    await logThrough(desk.engines(), desk.store());
    await expect(desk.open(selection)).rejects.toMatchObject({ code });
  });
});
