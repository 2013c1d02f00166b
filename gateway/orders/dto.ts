import { IsOptional, ValidateNested } from 'class-validator';
import { mostLines, mostPiecesOfALine } from '../../domains/shared/line.js';
import { Formed, Id, Instant, Integer, ListOf, OneOf, Text } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import { newStatuses, type NewStatus } from './status-change.js';

export class OrderItemDto {
  @Id()
  productId!: string;

  @Integer(1, mostPiecesOfALine)
  quantity!: number;
}

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
export class OrderDto {
  @ListOf(OrderItemDto, mostLines)
  items!: OrderItemDto[];

  @Id()
  paymentMethod!: string;

  @ValidateNested()
  shippingAddress!: AddressDto;

  @IsOptional()
  @Id()
  userId?: string;
}

export class CancellationDto {
  @IsOptional()
  @Text(500)
  reason?: string;
}

export class ReturnDto {
  @Text(500)
  reason!: string;
}

export class OrderStatusDto {
  @OneOf(newStatuses)
  status!: NewStatus;
}

const statuses = ['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REJECTED', 'CANCELLED'];

export class EventsQuery {
  @IsOptional()
  @Text(100)
  lastEventId?: string;
}

export class OrdersQuery extends PageQuery {
  @IsOptional()
  @OneOf(statuses)
  status?: string;

  @IsOptional()
  @Instant()
  from?: string;

  @IsOptional()
  @Instant()
  to?: string;
}
