import { ValidateNested } from 'class-validator';
import { mostPiecesOfALine } from '../../domains/shared/line.js';
import { Id, Integer } from '../http/fields.js';
import { AddressDto } from '../orders/dto.js';

export class CartItemDto {
  @Integer(1, mostPiecesOfALine)
  quantity!: number;
}

export class CheckoutDto {
  @Id()
  paymentMethod!: string;

  @ValidateNested()
  shippingAddress!: AddressDto;
}
