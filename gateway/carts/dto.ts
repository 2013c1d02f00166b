import { mostPiecesOfALine } from '../../domains/shared/line.js';
import { examples } from '../http/examples.js';
import { Example, Id, Integer, One } from '../http/fields.js';
import { AddressDto } from '../orders/dto.js';

@Example({ quantity: 2 })
export class QuantityDto {
  @Integer(1, mostPiecesOfALine)
  quantity!: number;
}

@Example({ paymentMethod: 'pm_ok', shippingAddress: examples.address })
export class CheckoutDto {
  @Id()
  paymentMethod!: string;

  @One(AddressDto)
  shippingAddress!: AddressDto;
}
