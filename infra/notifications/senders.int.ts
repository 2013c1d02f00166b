import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.js';
import type { Channel } from './notification-sender.js';
import { createSenders } from './senders.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'evermart-senders-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const sendersWith = (settings: Readonly<Record<string, string>>) =>
  createSenders(readConfig({ DATA_DIR: dataDir, ...settings }));

const sendBoth = async (settings: Readonly<Record<string, string>>) => {
  const senders = sendersWith(settings);
  const texts = { to: 'nobody', subject: '', text: '' };
  const channels: readonly Channel[] = ['email', 'sms'];
  return Promise.allSettled(
    channels.map((channel) => senders[channel].send({ id: channel, userId: 'u1', channel, ...texts })),
  );
};

const nobody = '127.0.0.1:1';

it('keeps everything in the mailbox where nothing is set', async () => {
  await sendBoth({});
  expect(await readdir(join(dataDir, 'mailbox/u1'))).toEqual(['email.json', 'sms.json']);
});

it('sends email over SMTP where there is a mail server', async () => {
  const [email] = await sendBoth({ SMTP_URL: `smtp://${nobody}` });
  expect(email).toMatchObject({ status: 'rejected' });
  expect(await readdir(join(dataDir, 'mailbox/u1'))).toEqual(['sms.json']);
});

it('sends SMS over the HTTP API where there is one', async () => {
  const [, sms] = await sendBoth({ SMS_API_URL: `http://${nobody}`, SMS_API_KEY: 'secret' });
  expect(sms).toMatchObject({ status: 'rejected', reason: { code: 'sms.unreachable' } });
  expect(await readdir(join(dataDir, 'mailbox/u1'))).toEqual(['email.json']);
});

it('refuses an SMS API without a key', () => {
  expect(() => sendersWith({ SMS_API_URL: `http://${nobody}` })).toThrow('SMS_API_KEY must be given');
});

it('refuses a mail server that does not speak SMTP', () => {
  expect(() => sendersWith({ SMTP_URL: `http://${nobody}` })).toThrow(
    'SMTP_URL must be an smtp:// or smtps:// address',
  );
});
