import type { ComponentChildren } from 'preact';
import { shortId, shownMoney } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Instant } from '../parts/instant.js';
import { Mark } from '../parts/mark.js';
import { Table } from '../parts/table.js';
import type { Order } from './order-api.js';

type OrderTableProps = Readonly<{
  caption: string;
  orders: readonly Order[];
  /** What may be done to each. */
  actions?: (order: Order) => ComponentChildren;
}>;

const columns = ['Order', 'Status', 'Payment', 'Shipment', { name: 'Total', isNumber: true } as const, 'Placed'];

export const OrderTable = ({ caption, orders, actions }: OrderTableProps) => {
  if (orders.length === 0) return <p class="quiet">There are no such orders.</p>;
  return (
    <Table caption={caption} columns={actions ? [...columns, 'Actions'] : columns}>
      {orders.map((order) => (
        <tr key={order.id}>
          <th scope="row">
            <Link to={pathOf('/console/orders/:id', order.id)}>{shortId(order.id)}</Link>
          </th>
          <td>
            <Mark is={order.status} /> {order.statusReason !== null && <Mark is={order.statusReason} />}
          </td>
          <td>{order.payment && <Mark is={order.payment.status} />}</td>
          <td>{order.shipment && <Mark is={order.shipment.status} />}</td>
          <td class="number">{shownMoney(order.total)}</td>
          <td>
            <Instant at={order.placedAt} />
          </td>
          {actions && <td>{actions(order)}</td>}
        </tr>
      ))}
    </Table>
  );
};
