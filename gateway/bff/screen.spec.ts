import { DomainError } from '../../domains/shared/errors.js';
import { screenOf } from './screen.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const good = () => Promise.resolve(['a mug']);
const away = () => Promise.reject(new DomainError('service.unavailable', 'MongoDB cannot be reached'));

describe('a screen', () => {
  it('has all parts that can be read', async () =>
    expect(await screenOf({ products: good, orders: good }, traceId)).toEqual({
      products: ['a mug'],
      orders: ['a mug'],
      notes: [],
    }));

  it('says why a part is missing, and shows the others', async () =>
    expect(await screenOf({ products: good, cart: away }, traceId)).toEqual({
      products: ['a mug'],
      cart: null,
      notes: [{ part: 'cart', code: 'service.unavailable', detail: 'MongoDB cannot be reached' }],
    }));

  it('tells nothing of a fault of ours', async () => {
    const { notes } = await screenOf({ cart: () => Promise.reject(new Error('secret')) }, traceId);
    expect(notes).toMatchObject([{ part: 'cart', code: 'internal.error' }]);
    expect(JSON.stringify(notes)).not.toContain('secret');
  });

  it('reads its parts at once', async () => {
    let told: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (told = resolve));
    const parts = {
      waits: () => first.then(() => 1),
      tells: () => {
        told();
        return Promise.resolve(2);
      },
    };
    expect(await screenOf(parts, traceId)).toEqual({ waits: 1, tells: 2, notes: [] });
  });

  it('is refused where a part of it is', async () => {
    const notFound = () => Promise.reject(new DomainError('order.not_found', 'There is no order o1'));
    await expect(screenOf({ order: notFound, payment: good }, traceId)).rejects.toMatchObject({
      code: 'order.not_found',
    });
  });
});
