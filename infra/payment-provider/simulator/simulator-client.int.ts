import { describeProviderContract } from '../testing/provider-contract.js';
import { serve } from '../testing/serve.js';
import { createSimulatorClient } from './simulator-client.js';
import { startProvider } from './testing/start-provider.js';

const call = { key: 'k1', reference: 'auth_1' };

describeProviderContract('the simulator', {
  methods: { pays: 'pm_ok', declines: 'pm_declined' },
  open: async () => {
    const { client, stop } = await startProvider();
    return { provider: client, stop };
  },
});

it('throws when there is no answer in time', async () => {
  const silent = await serve(() => undefined);
  const client = createSimulatorClient({ url: silent.url, timeoutMs: 1 });
  await expect(client.voidAuthorisation(call)).rejects.toMatchObject({
    message: 'The payment provider gave no answer',
    cause: { name: 'TimeoutError' },
  });
  await silent.stop();
});

it('throws when nobody is there', async () => {
  const gone = await serve(() => undefined);
  await gone.stop();
  const client = createSimulatorClient({ url: gone.url, timeoutMs: 60_000 });
  await expect(client.voidAuthorisation(call)).rejects.toThrow('no answer');
});

it.each([
  ['a problem of its own', 404, '{"message":"no route"}', 'answered 404'],
  ['another success', 200, '{"reference":"r"}', 'answered 200'],
  ['a page', 404, '<html>', 'no answer'],
])('throws when somebody else answers with %s', async (_what, status, body, message) => {
  const stranger = await serve((_req, res) => void res.writeHead(status).end(body));
  const client = createSimulatorClient({ url: stranger.url, timeoutMs: 60_000 });
  await expect(client.voidAuthorisation(call)).rejects.toThrow(message);
  await stranger.stop();
});

it('throws when the ledger cannot be read', async () => {
  const broken = await serve((_req, res) => void res.writeHead(503).end('{}'));
  const client = createSimulatorClient({ url: broken.url, timeoutMs: 60_000 });
  await expect(client.ledger()).rejects.toThrow('answered 503');
  await broken.stop();
});

it('throws when a success has no reference', async () => {
  const vague = await serve((_req, res) => void res.writeHead(201).end('{"reference":null}'));
  const client = createSimulatorClient({ url: vague.url, timeoutMs: 60_000 });
  await expect(client.voidAuthorisation(call)).rejects.toThrow('without a reference');
  await vague.stop();
});
