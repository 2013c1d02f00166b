import type { AddressInfo } from 'node:net';
import { v4 as randomId } from 'uuid';
import { readConfig } from '../../infra/config.js';
import { createNoticeReader } from '../../infra/payment-provider/webhooks/notice-reader.js';
import { signatureOf } from '../../infra/payment-provider/webhooks/signature.js';
import { closeServer, listen } from '../../infra/process/server.js';
import { startWriteSide, type WriteSide } from '../e2e/testing/write-side.js';
import { createGateway } from '../http/server.js';
import { accessTokens } from '../http/testing/gateway.js';
import { keptLog } from '../http/testing/kept-log.js';
import { webhookRoutes } from './webhook-routes.js';

const secret = 'a secret of the tests';
const now = () => Math.floor(Date.now() / 1_000);

let writeSide: WriteSide;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  writeSide = await startWriteSide();
});
afterAll(async () => {
  await Promise.all(closings.map((close) => close()));
  await writeSide.stop();
});

/** A gateway with these settings, and a way to post to it. */
const gatewayWith = async (settings: Readonly<Record<string, string>>) => {
  const readNotice = createNoticeReader(readConfig(settings));
  const routes = webhookRoutes({ bus: writeSide.well.bus, readNotice });
  const server = createGateway({ routes, accessTokens, log: keptLog().log });
  await listen(server, { host: '127.0.0.1', port: 0 });
  closings.push(() => closeServer(server));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/webhooks/payments`;
  return async (body: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    return [response.status, text === '' ? null : (JSON.parse(text) as { code: string }).code];
  };
};

/** An order whose payment was asked for, and the notices in its stream. */
const orderWithPayment = async (): Promise<string> => {
  const [orderId, userId] = [randomId(), randomId()];
  const amount = { amount: 1000, currency: 'EUR' };
  await writeSide.send('payments', 'RequestAuthorisation', { orderId, userId, attempt: 1, amount, method: 'pm_ok' });
  return orderId;
};
const noticesOf = async (orderId: string) =>
  (await writeSide.eventsOf(`payment-${orderId}`)).filter(({ type }) => type === 'ProviderNoticeRecorded');

const noticeOf = (orderId: string, id = `ntc_${randomId()}`) =>
  JSON.stringify({
    id,
    kind: 'authorisation.succeeded',
    orderId,
    reference: 'auth_1',
    createdAt: '2026-01-01T00:00:00Z',
  });
const signed = (body: string, at = now(), by = secret) => ({
  'payment-signature': signatureOf(body, { secret: by, at }),
});

describe('a notice of the simulated provider', () => {
  let post: Awaited<ReturnType<typeof gatewayWith>>;
  beforeAll(async () => {
    post = await gatewayWith({ PAYMENT_WEBHOOK_SECRET: secret });
  });

  it('is recorded once, however often it comes', async () => {
    const orderId = await orderWithPayment();
    const body = noticeOf(orderId, 'ntc_1');
    expect(await post(body, signed(body))).toEqual([202, null]);
    expect(await Promise.all([1, 2, 3].map(() => post(body, signed(body, now() - 60))))).toEqual(
      [1, 2, 3].map(() => [202, null]),
    );
    const [event, ...others] = await noticesOf(orderId);
    expect(event?.data).toMatchObject({ orderId, noticeId: 'ntc_1', kind: 'authorisation.succeeded' });
    expect(event?.metadata).toMatchObject({ actor: '(provider)', commandId: '177dbd6c-d224-5dc4-b64c-0a231109cb83' });
    expect(others).toEqual([]);
  });

  it('is recorded beside another', async () => {
    const orderId = await orderWithPayment();
    for (const body of [noticeOf(orderId), noticeOf(orderId)]) await post(body, signed(body));
    expect(await noticesOf(orderId)).toHaveLength(2);
  });

  it.each([
    ['no signature', () => ({})],
    ['the signature of somebody else', (body: string) => signed(body, now(), 'another secret of tests')],
    ['the signature of another body', (body: string) => signed(`${body} `)],
    ['an old signature', (body: string) => signed(body, now() - 400)],
    ['a signature from the future', (body: string) => signed(body, now() + 400)],
    ['the header of another provider', (body: string) => ({ 'stripe-signature': signed(body)['payment-signature'] })],
  ])('is refused with %s', async (_what, headers) => {
    const orderId = await orderWithPayment();
    const body = noticeOf(orderId);
    expect(await post(body, headers(body))).toEqual([401, 'webhook.signature_invalid']);
    expect(await noticesOf(orderId)).toEqual([]);
  });

  it('is not looked at before its signature', async () => {
    expect(await post('{', {})).toEqual([401, 'webhook.signature_invalid']);
    expect(await post('{', signed('{'))).toEqual([400, 'request.malformed_json']);
  });

  it('is refused with wrong fields', async () => {
    const body = JSON.stringify({ id: 'ntc_1', kind: '', orderId: 'no id' });
    expect(await post(body, signed(body))).toEqual([400, 'command.invalid']);
  });

  it('is refused for a payment that is not known', async () => {
    const body = noticeOf(randomId());
    expect(await post(body, signed(body))).toEqual([404, 'payment.not_found']);
  });
});

it('no notice is taken where there is no secret', async () => {
  const post = await gatewayWith({});
  const body = noticeOf('o1');
  expect(await post(body, signed(body))).toEqual([503, 'service.unavailable']);
});

it('Stripe is not listened to without a secret', () => {
  expect(() => createNoticeReader(readConfig({ PAYMENT_PROVIDER: 'stripe' }))).toThrow('STRIPE_WEBHOOK_SECRET must be');
});

describe('an event of Stripe', () => {
  let post: Awaited<ReturnType<typeof gatewayWith>>;
  beforeAll(async () => {
    post = await gatewayWith({ PAYMENT_PROVIDER: 'stripe', STRIPE_WEBHOOK_SECRET: secret });
  });
  const eventOf = (type: string, metadata: object) =>
    JSON.stringify({
      ...{ id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy', object: 'event', api_version: '2025-03-31.basil', type },
      data: { object: { id: 'pi_1', object: 'payment_intent', metadata } },
    });
  const sent = (body: string) => post(body, { 'stripe-signature': signed(body)['payment-signature'] });

  it.each([
    ['payment_intent.amount_capturable_updated', 'authorisation.succeeded'],
    ['charge.refunded', 'refund.succeeded'],
    ['refund.failed', 'refund.failed'],
  ])('%s is recorded as %s', async (type, kind) => {
    const orderId = await orderWithPayment();
    const body = eventOf(type, { order_id: orderId, authorise_key: 'k1' });
    expect([await sent(body), await sent(body)]).toEqual([
      [202, null],
      [202, null],
    ]);
    expect((await noticesOf(orderId)).map(({ data }) => data)).toMatchObject([
      { noticeId: 'evt_1NG8Du2eZvKYlo2CUI79vXWy', kind },
    ]);
  });

  it('is taken and left where it concerns no order of ours, or nobody asked for it', async () => {
    const orderId = await orderWithPayment();
    expect(await sent(eventOf('payment_intent.canceled', {}))).toEqual([202, null]);
    expect(await sent(eventOf('customer.created', { order_id: orderId, authorise_key: 'k1' }))).toEqual([202, null]);
    expect(await sent(eventOf('charge.refunded', { order_id: 'Order #6735' }))).toEqual([202, null]);
    expect(await sent(eventOf('charge.refunded', { order_id: '6735' }))).toEqual([202, null]);
    expect(await noticesOf(orderId)).toEqual([]);
  });
});
