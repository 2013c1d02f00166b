import { useState } from 'preact/hooks';
import { searchOf } from '../api.js';
import { useAnswer } from '../asking.js';
import { useAtMostEvery } from '../at-most-every.js';
import { useConsole } from '../console.js';
import { inWords, shortId } from '../format.js';
import { go, useAddress } from '../navigation.js';
import { Answer } from '../parts/answer.js';
import { Page } from '../parts/page.js';
import { Paging } from '../parts/paging.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ordersAfter } from './live-orders.js';
import { listOrders, orderStatuses, type OrderMessage } from './order-api.js';
import { OrderTable } from './order-table.js';
import { useMessages } from './use-messages.js';

/** All orders, newest first, as they change. */
export const OrderListPage = () => {
  const { api } = useConsole();
  const { pathname, searchParams } = useAddress();
  const status = searchParams.get('status') ?? undefined;
  const cursor = searchParams.get('cursor') ?? undefined;
  const [heard, setHeard] = useState<readonly OrderMessage[]>([]);
  const [placed, setPlaced] = useState(0);
  const [said, setSaid] = useState('');

  const hear = (message: OrderMessage) => {
    setHeard((before) => [...before, message].slice(-mostHeard));
    if (message.type === 'OrderPlaced') setPlaced((count) => count + 1);
    if (message.status !== undefined) setSaid(`Order ${shortId(message.orderId)} is ${inWords(message.status)}`);
  };
  const { connections, isLive, problem } = useMessages('/events/orders', hear);
  const asked = { status, cursor };
  const changes = useAtMostEvery(400, connections + placed);
  const list = useAnswer(searchOf(asked), () => listOrders(api, asked), { changes });

  return (
    <Page title="Orders">
      <div class="bar">
        <label>
          Status
          <select
            value={status ?? ''}
            onChange={({ currentTarget }) => go(pathname + searchOf({ status: currentTarget.value }))}
          >
            <option value="">any</option>
            {orderStatuses.map((each) => (
              <option key={each} value={each}>
                {inWords(each)}
              </option>
            ))}
          </select>
        </label>
        <span class={isLive ? 'live' : 'live away'}>{isLive ? 'Live' : 'Not live'}</span>
        <span class="quiet" role="status" aria-live="polite">
          {said}
        </span>
      </div>
      <ProblemNotice problem={problem} />
      <Answer of={list} what="the orders">
        {({ items, nextCursor }) => (
          <>
            <OrderTable caption="Orders" orders={heard.reduce(ordersAfter, items)} />
            <Paging nextCursor={nextCursor} asked={{ status }} />
          </>
        )}
      </Answer>
    </Page>
  );
};

/** An answer may be older than a message that came before it: the latest are laid over each. */
const mostHeard = 200;
