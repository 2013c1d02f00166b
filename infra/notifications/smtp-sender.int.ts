import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { OutgoingMessage } from './notification-sender.js';
import { createSmtpSender } from './smtp-sender.js';

const message: OutgoingMessage = {
  ...{ id: '5f0d7f0e-6a3b-4a55-9d8e-2c1f5b7a9e34', userId: 'u1', channel: 'email', to: 'ada@example.org' },
  ...{ subject: 'Your order – o1', text: 'Hello Ada,\n\nthank you.\n' },
};
const from = 'Evermart <no-reply@evermart.localhost>';

type Received = Readonly<{ from: string; to: readonly string[]; raw: string }>;
let received: Received[];
let server: SMTPServer | Server | undefined;

beforeEach(() => {
  received = [];
});
afterEach(async () => {
  const open = server;
  server = undefined;
  if (open) await new Promise<void>((resolve) => open.close(() => resolve()));
});

describe('a message', () => {
  it('arrives with its Message-ID, sender, recipient, subject and text', async () => {
    const sender = await senderTo({});
    expect(await sender.send(message)).toEqual({ reference: `<${message.id}@evermart>` });
    expect(received).toMatchObject([{ from: 'no-reply@evermart.localhost', to: ['ada@example.org'] }]);
    const [{ raw } = { raw: '' }] = received;
    const [head = '', body = ''] = raw.split(/\r\n\r\n(.*)/s);
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        `From: ${from}`,
        'To: ada@example.org',
        `Message-ID: <${message.id}@evermart>`,
        'Auto-Submitted: auto-generated',
        `Subject: =?UTF-8?Q?Your_order_=E2=80=93_o1?=`,
      ]),
    );
    expect(body).toBe('Hello Ada,\r\n\r\nthank you.\r\n');
  });

  it('has the same Message-ID when it is sent again', async () => {
    const sender = await senderTo({});
    await sender.send(message);
    await sender.send(message);
    const ids = received.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1]);
    expect(ids).toEqual([`<${message.id}@evermart>`, `<${message.id}@evermart>`]);
  });

  it('goes to one address only, whatever is written in it', async () => {
    const sender = await senderTo({});
    await sender.send({ ...message, to: 'ada@example.org, eve@example.org' }).catch(() => undefined);
    expect(received.flatMap(({ to }) => to)).not.toContain('eve@example.org');
  });
});

describe('a message that is not sent', () => {
  const refusal = (responseCode: number) => Object.assign(new Error(`${message.to} is refused`), { responseCode });

  it.each([
    [550, true],
    [552, true],
    [451, false],
  ])('to a recipient refused with %s is refused for good: %s', async (code, isPermanent) => {
    const sender = await senderTo({ onRcptTo: (_address, _session, done) => done(refusal(code)) });
    await expect(sender.send(message)).rejects.toMatchObject({ code: `smtp.${code}`, isPermanent });
  });

  it.each([
    [554, true],
    [452, false],
  ])('for its content, with %s, is refused for good: %s', async (code, isPermanent) => {
    const sender = await senderTo({
      onData: (stream, _session, done) => void text(stream).then(() => done(refusal(code))),
    });
    await expect(sender.send(message)).rejects.toMatchObject({ code: `smtp.${code}`, isPermanent });
  });

  it('for its sender may go later, since that is set up by people', async () => {
    const sender = await senderTo({ onMailFrom: (_address, _session, done) => done(refusal(550)) });
    await expect(sender.send(message)).rejects.toMatchObject({ code: 'smtp.550', isPermanent: false });
  });

  it('for the password may go later, since that is set up by people', async () => {
    const url = await listening({ onAuth: (_auth, _session, done) => done(refusal(535)) });
    const sender = createSmtpSender({ url: url.replace('//', '//user:wrong@'), from });
    await expect(sender.send(message)).rejects.toMatchObject({ code: 'smtp.535', isPermanent: false });
  });

  it('may go later where no server is reached', async () => {
    const url = await listening({});
    const { port } = new URL(url);
    const closed = server;
    server = undefined;
    await new Promise<void>((resolve) => closed?.close(() => resolve()));
    const sender = createSmtpSender({ url: `smtp://127.0.0.1:${port}`, from });
    await expect(sender.send(message)).rejects.toMatchObject({ code: 'smtp.unreachable', isPermanent: false });
  });

  it('may go later where the server hangs up', async () => {
    const hangingUp = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(hangingUp, 'listening');
    server = hangingUp;
    const { port } = hangingUp.address() as AddressInfo;
    const sender = createSmtpSender({ url: `smtp://127.0.0.1:${port}`, from });
    await expect(sender.send(message)).rejects.toMatchObject({ code: 'smtp.unreachable', isPermanent: false });
  });

  it('to what is no address is refused for good', async () => {
    const sender = await senderTo({});
    await expect(sender.send({ ...message, to: '' })).rejects.toMatchObject({
      code: 'recipient.invalid',
      isPermanent: true,
    });
  });

  it('says nothing of the person', async () => {
    const sender = await senderTo({ onRcptTo: (_address, _session, done) => done(refusal(550)) });
    const failure: unknown = await sender.send(message).catch((error: unknown) => error);
    expect(inspect(failure)).toContain('smtp.550');
    expect(inspect(failure)).not.toContain(message.to);
  });
});

const listening = async (rules: SMTPServerOptions): Promise<string> => {
  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) => {
      void text(stream).then((raw) => {
        const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        received.push({ from: sender, to: envelope.rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
    ...rules,
  });
  // A client that hangs up is no news here.
  smtp.on('error', () => undefined);
  server = smtp;
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
  const { port } = smtp.server.address() as AddressInfo;
  return `smtp://127.0.0.1:${port}`;
};

const senderTo = async (rules: SMTPServerOptions) => createSmtpSender({ url: await listening(rules), from });
