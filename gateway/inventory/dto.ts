import { IsOptional } from 'class-validator';
import { mostPieces } from '../../domains/inventory/commands.js';
import { Example, Integer, Text } from '../http/fields.js';

@Example({ quantity: 100, reference: 'delivery 4711' })
export class NewReceiptDto {
  @Integer(1, mostPieces)
  quantity!: number;

  @IsOptional()
  @Text(200)
  reference?: string;
}

/** `quantity` is what the stock changes by. */
@Example({ quantity: -2, reason: 'broken' })
export class NewAdjustmentDto {
  @Integer(-mostPieces, mostPieces, { isNonZero: true })
  quantity!: number;

  @Text(500)
  reason!: string;
}
