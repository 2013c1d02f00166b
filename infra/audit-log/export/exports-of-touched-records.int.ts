import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { StoredEvent } from '../../event-store/stored-event.js';
import { leafDigest } from '../leaf.js';
import { newEvent } from '../testing/audited-store.js';
import { inDatabase, type DatabaseFile } from '../testing/database-file.js';
import { logThrough } from '../testing/log-through.js';
import type { Selection } from './bundle-format.js';
import { numbers, openExportDesk } from './testing/export-desk.js';

const desk = openExportDesk();

describe('a record that somebody has touched', () => {
  const period = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

  let events: readonly StoredEvent[];
  beforeEach(async () => {
    const correlated = [1, 2, 3].map((thing) => newEvent(thing, 'one'));
    await desk.store().eventStore.append('cart-1', correlated, 'no_stream');
    await desk.store().append('cart-2', 1);
    await logThrough(desk.engines(), desk.store());
    events = await desk.everything();
  });

  const changed = (file: DatabaseFile) => file.change(positionOf(1), { data: '{"thing":9}' });
  const older = (file: DatabaseFile) => file.change(positionOf(1), { created: 1 });
  const swapped = (file: DatabaseFile) => file.swap(positionOf(2), positionOf(3));
  const removed = (number: number) => (file: DatabaseFile) => file.remove(positionOf(number));
  const positionOf = (number: number) => (events[number] as StoredEvent).position.commit;

  it.each<[string, (file: DatabaseFile) => void, Selection]>([
    ['an event was changed', changed, { stream: 'cart-1' }],
    ['an event was changed', changed, { correlationId: 'one' }],
    ['an event was changed', changed, period],
    ['its time was changed', older, { stream: 'cart-1' }],
    ['an event is gone', removed(1), { stream: 'cart-1' }],
    ['an event is gone', removed(1), { correlationId: 'one' }],
    ['an event is gone', removed(1), period],
    ['two events were swapped', swapped, { stream: 'cart-1' }],
    ['two events were swapped', swapped, { correlationId: 'one' }],
    ['two events were swapped', swapped, period],
    ['the last event is gone', removed(2), { stream: 'cart-1' }],
    ['the last event is gone', removed(2), { correlationId: 'one' }],
    ['the last event is gone', removed(3), period],
  ])('is not exported: %s', async (_, change, selection) => {
    await desk.store().tamper(inDatabase(change));
    await expect(desk.open(selection)).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [{ correlationId: 'one' }], [period]])(
    'is not exported where the log was changed with it: %j',
    async (selection) => {
      await desk.signingTo(desk.target())();
      await desk.store().tamper(inDatabase(changed));
      const event = (await desk.everything())[1] as StoredEvent;
      const change = 'update audit_entries set digest = $1 where position = $2';
      await desk.engines().postgres.query(change, [leafDigest(event), event.position.commit]);
      await expect(desk.open(selection)).rejects.toMatchObject({
        code: 'audit.tampered',
        message: expect.stringContaining('not what was signed') as string,
      });
    },
  );

  it('is not exported where the log lacks what proofs are made of', async () => {
    await desk.store().append('cart-3', ...numbers(300));
    await logThrough(desk.engines(), desk.store());
    await desk.engines().postgres.query('delete from audit_nodes');
    await expect(desk.open({ stream: 'cart-3' })).rejects.toMatchObject({
      code: 'audit.tampered',
    });
  });

  it('is not exported where an event was moved beyond what is signed', async () => {
    const sign = desk.signingBefore(async () => {
      const beyond = await desk.store().append('cart-2', 2);
      await logThrough(desk.engines(), desk.store());
      await desk.store().tamper(inDatabase((file) => file.swap(positionOf(1), beyond.commit)));
    });
    const opening = desk.open({ stream: 'cart-1' }, { sign });
    await expect(opening).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [period]])(
    'is not exported where the store has noticed: %j',
    async (selection) => {
      await desk.store().tamper(inDatabase(changed, 'left'));
      await expect(desk.open(selection)).rejects.toMatchObject({ code: 'audit.tampered' });
    },
  );

  it('is not exported where the store has noticed what nobody has logged yet', async () => {
    const { commit } = await desk.store().append('cart-2', 2);
    await desk.store().append('cart-2', 3);
    await desk.store().tamper(inDatabase((file) => file.change(commit, { data: '{}' }), 'left'));
    await expect(desk.open({ stream: 'cart-1' })).rejects.toMatchObject({
      code: 'audit.tampered',
      message: expect.stringContaining(`after position ${positionOf(3)}`) as string,
    });
  });

  it('breaks off a bundle whose first part is sent already', async () => {
    await desk.store().append('cart-3', ...numbers(200));
    await logThrough(desk.engines(), desk.store());
    const last = (await desk.everything()).at(-1) as StoredEvent;
    await desk.store().tamper(inDatabase((file) => file.change(last.position.commit, { created: 1 })));
    const bundle = await desk.open({ stream: 'cart-3' }, { mostOfPart: 50 });
    await expect(pipeline(bundle, createWriteStream(desk.file()))).rejects.toMatchObject({ code: 'audit.tampered' });
    expect((await desk.checked()).bad.map(({ what }) => what)).toEqual(['archive']);
  });
});
