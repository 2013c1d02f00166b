import { useState } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useAtMostEvery } from '../at-most-every.js';
import { useConsole } from '../console.js';
import { useAddress } from '../navigation.js';
import { listOrders, type OrderMessage } from '../orders/order-api.js';
import { OrderTable } from '../orders/order-table.js';
import { SagaActions } from '../orders/saga-actions.js';
import { useMessages } from '../orders/use-messages.js';
import { Answer } from '../parts/answer.js';
import { Page } from '../parts/page.js';
import { Paging } from '../parts/paging.js';

/** Orders whose saga waits for somebody to say how it goes on. */
export const SagasPage = () => {
  const { api } = useConsole();
  const cursor = useAddress().searchParams.get('cursor') ?? undefined;
  const [changes, setChanges] = useState(0);
  const hear = ({ orderId, statusReason }: OrderMessage) => {
    const isShown = list.answer?.items.some(({ id }) => id === orderId) ?? false;
    if (isShown || statusReason === 'needs_attention') setChanges((count) => count + 1);
  };
  const { connections } = useMessages('/events/orders', hear);
  const asked = { reason: 'needs_attention', cursor };
  const list = useAnswer(cursor ?? '', () => listOrders(api, asked), {
    changes: useAtMostEvery(400, changes + connections),
  });
  return (
    <Page
      title="Sagas that need attention"
      lead="Each gave up a step after trying for long. Retry it, skip it and undo what was done, or abort the order."
    >
      <Answer of={list} what="the sagas">
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="notice good" role="status">
              No saga needs attention.
            </p>
          ) : (
            <>
              <OrderTable
                caption="Sagas that need attention"
                orders={items}
                actions={({ id }) => <SagaActions orderId={id} />}
              />
              <Paging nextCursor={nextCursor} />
            </>
          )
        }
      </Answer>
    </Page>
  );
};
