import { givenFor } from '../shared/given.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent, OrderLine } from './events.js';
import { order } from './order.js';

const given = givenFor(order);
const owned = { orderId: 'o1', userId: 'u1' };
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const line = (productId: string, quantity: number, price = eur(450)): OrderLine => ({
  productId,
  sku: productId.toUpperCase(),
  name: productId,
  quantity,
  unitPrice: price,
});
const lines = [line('p1', 2)];
const address = { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' };
const place = (of: readonly OrderLine[] = lines): OrderCommand => ({
  type: 'PlaceOrder',
  data: { ...owned, lines: of, address, paymentMethod: 'pm_ok' },
});
const pay = (paymentId = 'pay1'): OrderCommand => ({ type: 'MarkOrderPaid', data: { orderId: 'o1', paymentId } });
const reject = (reason = 'out_of_stock'): OrderCommand => ({ type: 'RejectOrder', data: { orderId: 'o1', reason } });
const placed: OrderEvent = {
  type: 'OrderPlaced',
  data: { ...owned, lines, total: eur(900), address, paymentMethod: 'pm_ok' },
};
const paid: OrderEvent = { type: 'OrderPaid', data: { ...owned, paymentId: 'pay1', lines, total: eur(900) } };
const rejected: OrderEvent = { type: 'OrderRejected', data: { ...owned, reason: 'out_of_stock' } };

describe('an order', () => {
  it('is placed with the total of its lines', () => given().when(place()).thenEmits(placed));
  it('needs a line', () => given().when(place([])).thenRejects('order.empty'));
  it('needs one currency', () =>
    given()
      .when(place([line('p1', 1), line('p2', 1, { amount: 1, currency: 'USD' })]))
      .thenRejects('money.currency_mismatch'));
  it('needs a total that is exact', () =>
    given()
      .when(place([line('p1', 2, eur(Number.MAX_SAFE_INTEGER))]))
      .thenRejects('money.too_large'));
  it('is not placed twice', () => given(placed).when(place()).thenRejects('order.illegal_transition'));
  it('is paid', () => given(placed).when(pay()).thenEmits(paid));
  it('is rejected', () => given(placed).when(reject()).thenEmits(rejected));
  it.each([pay(), reject()])('must be placed first: $type', (command) =>
    given().when(command).thenRejects('order.not_found'),
  );
  it('ignores a repeat of its payment', () => given(placed, paid).when(pay()).thenEmits());
  it('ignores a repeat of its rejection', () => given(placed, rejected).when(reject()).thenEmits());
  it.each([pay('pay2'), reject()])('stays paid: $type', (command) =>
    given(placed, paid).when(command).thenRejects('order.illegal_transition'),
  );
  it.each([pay(), reject('payment_declined')])('stays rejected: $type', (command) =>
    given(placed, rejected).when(command).thenRejects('order.illegal_transition'),
  );
});
