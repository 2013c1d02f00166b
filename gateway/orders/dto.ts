import { IsOptional } from 'class-validator';
import { mostLines, mostPiecesOfALine } from '../../domains/shared/line.js';
import { eventIdPattern } from '../http/event-stream.js';
import { examples } from '../http/examples.js';
import { Example, Formed, Id, Instant, Integer, ListOf, One, OneOf, Text } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import { newStatuses, type NewStatus } from './status-change.js';

export const orderStatuses = ['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REJECTED', 'CANCELLED'];

export class OrderItemDto {
  @Id()
  productId!: string;

  @Integer(1, mostPiecesOfALine)
  quantity!: number;
}

@Example(examples.address)
export class AddressDto {
  @Text(200)
  name!: string;

  @Text(200)
  street!: string;

  @Text(200)
  city!: string;

  @Text(20)
  postalCode!: string;

  @Formed(/^[A-Z]{2}$/, 'a country code of two upper-case letters (ISO 3166-1)')
  country!: string;
}

/** The prices are not the customer's to say. */
@Example({
  items: [{ productId: examples.productId, quantity: 2 }],
  paymentMethod: 'pm_ok',
  shippingAddress: examples.address,
})
export class NewOrderDto {
  @ListOf(OrderItemDto, mostLines)
  items!: OrderItemDto[];

  @Id()
  paymentMethod!: string;

  @One(AddressDto)
  shippingAddress!: AddressDto;

  @IsOptional()
  @Id()
  userId?: string;
}

@Example({ reason: 'ordered by mistake' })
export class CancellationDto {
  @IsOptional()
  @Text(500)
  reason?: string;
}

@Example({ reason: 'arrived broken' })
export class ReturnDto {
  @Text(500)
  reason!: string;
}

@Example({ status: 'SHIPPED' })
export class OrderStatusDto {
  @OneOf(newStatuses)
  status!: NewStatus;
}

export class EventsQuery {
  @IsOptional()
  @Formed(eventIdPattern, 'the id of a message as it came: at most 18 decimal digits')
  lastEventId?: string;
}

export class OrdersQuery extends PageQuery {
  @IsOptional()
  @OneOf(orderStatuses)
  status?: string;

  @IsOptional()
  @Formed(/^[a-z_]{1,50}$/, 'a reason as an order tells it, such as needs_attention')
  reason?: string;

  @IsOptional()
  @Instant()
  from?: string;

  @IsOptional()
  @Instant()
  to?: string;
}
