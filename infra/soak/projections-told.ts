import type { ViewedShop } from './projections-shop.js';

/** Somebody who is told of all orders as they come. */
export type Told = Readonly<{
  /** Waits until the last of these orders was told of. Says which were told of not at all, twice, or out of order. */
  wrongWith: (placed: readonly string[]) => Promise<readonly string[]>;
  stop: () => Promise<void>;
}>;

/** Follows the Server-Sent Events of orders; resolves when it is connected. */
export const followOrders = async ({ url, staff }: ViewedShop): Promise<Told> => {
  const stopping = new AbortController();
  const response = await fetch(`${url}/api/v1/events/orders`, {
    headers: { authorization: await staff.authorization(), accept: 'text/event-stream' },
    signal: stopping.signal,
  });
  if (!response.ok || !response.body) throw new Error(`GET /events/orders gave ${response.status}`);
  const told: string[] = [];
  let heard: () => void = () => undefined;

  const listen = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of body) {
      text += decoder.decode(part, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      told.push(...messages.flatMap(placedIn));
      heard();
    }
  };
  const ended = listen(response.body).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });

  return {
    wrongWith: async (placed) => {
      const last = placed.at(-1);
      while (last !== undefined && !told.includes(last))
        await Promise.race([new Promise<void>((resolve) => (heard = resolve)), ended.then(endedEarly)]);
      const missing = placed.filter((id) => !told.includes(id)).map((id) => `nobody was told of order ${id}`);
      const isInOrder = told.every((id, index) => id === placed[index]);
      return [
        ...missing,
        ...(told.length > new Set(told).size ? ['an order was told of twice'] : []),
        ...(missing.length === 0 && !isInOrder ? ['orders were told of in another order than they came in'] : []),
      ];
    },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};

/** The order that a message tells the placing of. */
const placedIn = (message: string): readonly string[] => {
  const line = message.split('\n').find((each) => each.startsWith('data: '));
  if (line === undefined) return [];
  const { orderId, type } = JSON.parse(line.slice('data: '.length)) as { orderId: string; type: string };
  return type === 'OrderPlaced' ? [orderId] : [];
};

const endedEarly = () => {
  throw new Error('The events of orders ended');
};
