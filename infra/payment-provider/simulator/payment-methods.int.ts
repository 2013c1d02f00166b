import { useProvider } from './testing/start-provider.js';

const amount = { amount: 1000, currency: 'EUR' };
const order = { orderId: 'o1', amount };

const { client, provider } = useProvider();

describe('the payment method', () => {
  it.each([
    ['pm_declined', 'card_declined'],
    ['pm_insufficient_funds', 'insufficient_funds'],
  ])('%s is declined, and so is a repeat', async (method, code) => {
    const call = { ...order, key: 'k1', method };
    expect(await client().authorise(call)).toEqual({ outcome: 'declined', code });
    expect(await client().authorise(call)).toEqual({ outcome: 'declined', code });
  });

  it('pm_slow takes effect before it answers', async () => {
    const call = client().authorise({ ...order, key: 'k1', method: 'pm_slow' });
    await provider().bankIsAsked;
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000 });
    provider().letBankAnswer();
    expect(await call).toMatchObject({ outcome: 'authorised' });
  });

  it('pm_timeout takes effect without an answer; a repeat gets it', async () => {
    const call = { ...order, key: 'k1', method: 'pm_timeout' };
    await expect(client().authorise(call)).rejects.toThrow('no answer');
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000 });
    expect(await client().authorise(call)).toMatchObject({ outcome: 'authorised' });
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000 });
  });

  it('pm_flaky fails twice per key, without effect', async () => {
    const call = { ...order, key: 'k1', method: 'pm_flaky' };
    await expect(client().authorise(call)).rejects.toThrow('500');
    await expect(client().authorise(call)).rejects.toThrow('500');
    expect(await client().ledger('o1')).toMatchObject({ authorised: 0 });
    expect(await client().authorise(call)).toMatchObject({ outcome: 'authorised' });
    await expect(client().authorise({ ...call, key: 'k2' })).rejects.toThrow('500');
  });

  it('pm_flaky fails no more once its key is voided', async () => {
    const call = { ...order, key: 'k1', method: 'pm_flaky' };
    await expect(client().authorise(call)).rejects.toThrow('500');
    await client().voidByKey({ key: 'k2', authoriseKey: 'k1' });
    expect(await client().authorise(call)).toEqual({ outcome: 'refused', code: 'key_voided' });
  });

  it('pm_capture_fails authorises, and refuses the capture', async () => {
    const authorised = await client().authorise({ ...order, key: 'k1', method: 'pm_capture_fails' });
    const reference = 'reference' in authorised ? authorised.reference : '';
    const refused = { outcome: 'refused', code: 'capture_refused' };
    expect(await client().capture({ key: 'k2', reference, amount })).toEqual(refused);
    expect(await client().voidAuthorisation({ key: 'k3', reference })).toMatchObject({ outcome: 'voided' });
  });

  it('pm_unheard_of is unknown, and the key stays free', async () => {
    const call = { ...order, key: 'k1', method: 'pm_unheard_of' };
    expect(await client().authorise(call)).toEqual({ outcome: 'refused', code: 'unknown_method' });
    expect(await client().authorise({ ...call, method: 'pm_ok' })).toMatchObject({ outcome: 'authorised' });
  });
});
