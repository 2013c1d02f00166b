import { answered, createEvermart } from '../evermart.js';

/** Places an order, and tells its statuses as they come until it is paid. */
export const orderMugs = async (url: string, customer: { email: string; password: string }, productId: string) => {
  const { api, signIn, follow } = createEvermart(url);
  await signIn(customer);
  const body = {
    items: [{ productId, quantity: 2 }],
    paymentMethod: 'pm_ok',
    shippingAddress: { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' },
  };
  const { id } = await answered(api.POST('/api/v1/orders', { body }));
  const statuses: string[] = [];
  for await (const { data } of follow({ orderId: id, lastEventId: '0' })) {
    const { status } = JSON.parse(data) as { status: string };
    statuses.push(status);
    if (status === 'PAID') break;
  }
  return statuses;
};
