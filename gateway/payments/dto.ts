import { Id } from '../http/fields.js';

/** Another method for an order whose payment was declined. */
export class PaymentMethodDto {
  @Id()
  orderId!: string;

  @Id()
  paymentMethod!: string;
}
