import { useState } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useAtMostEvery } from '../at-most-every.js';
import { useConsole } from '../console.js';
import { shownMoney } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Instant } from '../parts/instant.js';
import { Mark } from '../parts/mark.js';
import { Page } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { hasRole } from '../who.js';
import { getOrder, pathOfOrder, type Order } from './order-api.js';
import { SagaPanel } from './saga-panel.js';
import { TimelinePanel } from './timeline-panel.js';
import { useMessages } from './use-messages.js';

/** An order with its saga and its timeline, as they change; auditors see its record only. */
export const OrderPage = ({ named: id }: Readonly<{ named: string }>) => {
  const { who } = useConsole();
  return (
    <Page title="Order" lead={<code>{id}</code>}>
      {hasRole(who, 'staff') ? <LiveOrder id={id} /> : <RecordOfOrder id={id} />}
    </Page>
  );
};

const LiveOrder = ({ id }: Readonly<{ id: string }>) => {
  const { api } = useConsole();
  const [heard, setHeard] = useState(0);
  const { connections } = useMessages(`${pathOfOrder(id)}/events`, () => setHeard((count) => count + 1));
  const changes = useAtMostEvery(400, heard + connections);
  const order = useAnswer(id, () => getOrder(api, id), { changes });
  return (
    <Answer of={order} what="the order">
      {(answer) => (
        <>
          <OrderFacts order={answer} />
          <SagaPanel orderId={id} changes={changes} />
          <TimelinePanel orderId={id} changes={changes} />
        </>
      )}
    </Answer>
  );
};

const RecordOfOrder = ({ id }: Readonly<{ id: string }>) => (
  <>
    <p>
      <Streams of={['order', 'payment', 'shipment']} orderId={id} />
    </p>
    <TimelinePanel orderId={id} changes={0} />
  </>
);

const OrderFacts = ({ order }: Readonly<{ order: Order }>) => {
  const { who } = useConsole();
  const { id, userId, status, statusReason, payment, shipment, total, placedAt, updatedAt, version, items } = order;
  const mayAudit = hasRole(who, 'auditor', 'admin');
  const streams = ['order', ...(payment ? ['payment'] : []), ...(shipment ? ['shipment'] : [])];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">What it is</h2>
      <Facts
        facts={[
          [
            'Status',
            <>
              <Mark is={status} /> {statusReason !== null && <Mark is={statusReason} />}
            </>,
          ],
          ['Payment', payment ? <Mark is={payment.status} /> : 'none yet'],
          ['Shipment', shipment ? <Mark is={shipment.status} /> : 'none yet'],
          ['Total', shownMoney(total)],
          ['Placed', <Instant at={placedAt} />],
          ['Changed', <Instant at={updatedAt} />],
          ['Customer', <code>{userId}</code>],
          ['Revision', version],
          ...(mayAudit ? [['Streams', <Streams of={streams} orderId={id} />] as const] : []),
        ]}
      />
      <Table
        caption="Lines of the order"
        columns={['Product', 'SKU', { name: 'Quantity', isNumber: true }, { name: 'Price', isNumber: true }]}
      >
        {items.map(({ productId, sku, name, quantity, unitPrice }) => (
          <tr key={productId}>
            <th scope="row">{name}</th>
            <td>{sku}</td>
            <td class="number">{quantity}</td>
            <td class="number">{shownMoney(unitPrice)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
};

const Streams = ({ of, orderId }: Readonly<{ of: readonly string[]; orderId: string }>) => (
  <span class="links">
    {of.map((category) => (
      <Link key={category} to={pathOf('/console/streams/:stream', `${category}-${orderId}`)}>
        {category}
      </Link>
    ))}
  </span>
);
