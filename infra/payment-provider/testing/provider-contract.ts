import type { PaymentProvider } from '../payment-provider.js';

/** A provider for one test, whose `stop` throws where it was not called as it should be. */
export type OpenedProvider = Readonly<{ provider: PaymentProvider; stop: () => Promise<void> }>;

/** The names under which a provider knows a card that pays and one that does not. */
export type Methods = Readonly<{ pays: string; declines: string }>;

const amount = { amount: 1000, currency: 'EUR' };
const part = { amount: 400, currency: 'EUR' };

/** What every adapter of the port must do. `open` is given the name of the scenario that will be played. */
export const describeProviderContract = (
  name: string,
  { open, methods }: Readonly<{ open: (scenario: string) => Promise<OpenedProvider>; methods: Methods }>,
): void => {
  describe(`${name} as a payment provider`, () => {
    let opened: OpenedProvider;
    afterEach(() => opened.stop());

    const providerFor = async (scenario: string) => {
      opened = await open(scenario);
      return opened.provider;
    };
    const call = { key: 'k1', orderId: 'o1', amount, method: methods.pays };

    it('authorises, captures and refunds', async () => {
      const provider = await providerFor('capture-and-refund');
      const reference = referenceIn(await provider.authorise(call));
      const captured = await provider.capture({ key: 'k2', reference, amount });
      expect(captured.outcome).toBe('captured');
      const captureReference = referenceIn(captured);
      const refunded = await provider.refund({ key: 'k3', captureReference, amount: part });
      expect(refunded.outcome).toBe('refunded');
      expect(new Set([reference, captureReference, referenceIn(refunded)]).size).toBe(3);
    });

    it('gives a repeat the answer of the first call', async () => {
      const provider = await providerFor('repeat');
      const first = await provider.authorise(call);
      expect(first.outcome).toBe('authorised');
      expect(await provider.authorise(call)).toEqual(first);
    });

    it('refuses a key that comes back with another amount', async () => {
      const provider = await providerFor('key-reused');
      await provider.authorise(call);
      expect(await provider.authorise({ ...call, amount: part })).toEqual(refusal);
    });

    it('says that a card was declined', async () => {
      const provider = await providerFor('declined');
      const declined = { outcome: 'declined', code: expect.any(String) as string };
      expect(await provider.authorise({ ...call, method: methods.declines })).toEqual(declined);
    });

    it('refuses to capture more than was authorised', async () => {
      const provider = await providerFor('capture-too-much');
      const reference = referenceIn(await provider.authorise(call));
      expect(await provider.capture({ key: 'k2', reference, amount: { ...amount, amount: 1001 } })).toEqual(refusal);
    });

    it('refuses to capture what is not there', async () => {
      const provider = await providerFor('capture-unknown');
      expect(await provider.capture({ key: 'k1', reference: 'unknown', amount })).toEqual(refusal);
    });

    it('refuses to refund more than was captured', async () => {
      const provider = await providerFor('refund-too-much');
      const reference = referenceIn(await provider.authorise(call));
      const captureReference = referenceIn(await provider.capture({ key: 'k2', reference, amount }));
      await provider.refund({ key: 'k3', captureReference, amount: part });
      expect(await provider.refund({ key: 'k4', captureReference, amount })).toEqual(refusal);
    });

    it('voids, once or twice, and does not capture then', async () => {
      const provider = await providerFor('void');
      const reference = referenceIn(await provider.authorise(call));
      const voided = { outcome: 'voided', reference };
      expect(await provider.voidAuthorisation({ key: 'k2', reference })).toEqual(voided);
      expect(await provider.voidAuthorisation({ key: 'k3', reference })).toEqual(voided);
      expect(await provider.capture({ key: 'k4', reference, amount })).toEqual(refusal);
    });

    it('does not void what was captured', async () => {
      const provider = await providerFor('void-captured');
      const reference = referenceIn(await provider.authorise(call));
      await provider.capture({ key: 'k2', reference, amount });
      expect(await provider.voidAuthorisation({ key: 'k3', reference })).toEqual(refusal);
    });

    it('voids by its key a call that took effect', async () => {
      const provider = await providerFor('void-by-key');
      const reference = referenceIn(await provider.authorise(call));
      const voided = { outcome: 'voided', reference };
      expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual(voided);
      expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual(voided);
    });

    it('refuses a call that arrives after it was voided by its key', async () => {
      const provider = await providerFor('void-by-key-before');
      const nothing = { outcome: 'voided', reference: null };
      expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual(nothing);
      expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual(nothing);
      expect(await provider.authorise(call)).toEqual(refusal);
    });

    it('has nothing to void of a call that was declined', async () => {
      const provider = await providerFor('void-by-key-declined');
      await provider.authorise({ ...call, method: methods.declines });
      expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual({
        outcome: 'voided',
        reference: null,
      });
    });
  });
};

const refusal = { outcome: 'refused', code: expect.stringMatching(/./) as string };

const referenceIn = (answer: Readonly<{ outcome: string; reference?: string }>): string => {
  if (answer.reference === undefined) throw new Error(`It was ${answer.outcome}`);
  return answer.reference;
};
