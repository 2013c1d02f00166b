import { useProvider } from './testing/start-provider.js';

const amount = { amount: 1000, currency: 'EUR' };
const order = { orderId: 'o1', amount };

const { client, provider } = useProvider();

describe('the idempotency key', () => {
  it('gives a repeat the answer of the first call', async () => {
    const call = { ...order, key: 'k1', method: 'pm_ok' };
    const first = await client().authorise(call);
    expect(first).toMatchObject({ outcome: 'authorised' });
    expect(await client().authorise(call)).toEqual(first);
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000 });
  });

  it('gives calls at the same time one effect', async () => {
    const call = { ...order, key: 'k1', method: 'pm_ok' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => client().authorise(call)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000 });
  });

  it('is refused with another body', async () => {
    await client().authorise({ ...order, key: 'k1', method: 'pm_ok' });
    const other = await client().authorise({
      ...order,
      key: 'k1',
      method: 'pm_ok',
      amount: { ...amount, amount: 1001 },
    });
    expect(other).toEqual({ outcome: 'refused', code: 'key_reused' });
  });

  it('is refused at another address', async () => {
    const { reference } = await authorised();
    await client().capture({ key: 'k2', reference, amount });
    expect(await client().refund({ key: 'k2', captureReference: reference, amount })).toMatchObject({
      code: 'key_reused',
    });
  });

  it('keeps a refusal, even when its reason is gone', async () => {
    const { reference } = await authorised();
    const early = { key: 'k2', captureReference: 'cap_unknown', amount };
    const refused = await client().refund(early);
    expect(refused).toEqual({ outcome: 'refused', code: 'not_found' });
    await client().capture({ key: 'k3', reference, amount });
    expect(await client().refund(early)).toEqual(refused);
  });

  it('means the same whatever the order of the fields', async () => {
    const first = await post('/authorisations', '{"orderId":"o1","amount":5,"currency":"EUR","method":"pm_ok"}');
    const second = await post('/authorisations', '{"method":"pm_ok","currency":"EUR","amount":5,"orderId":"o1"}');
    expect(await second.json()).toEqual(await first.json());
  });
});

const authorised = async () => {
  const answer = await client().authorise({ ...order, key: 'k1', method: 'pm_ok' });
  if (answer.outcome !== 'authorised') throw new Error(`It was ${answer.outcome}`);
  return answer;
};

const post = (path: string, body: string) =>
  fetch(`${provider().url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body,
  });
