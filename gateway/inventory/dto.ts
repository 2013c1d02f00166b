import { IsOptional } from 'class-validator';
import { mostPieces } from '../../domains/inventory/commands.js';
import { Integer, Text } from '../http/fields.js';

export class ReceiptDto {
  @Integer(1, mostPieces)
  quantity!: number;

  @IsOptional()
  @Text(200)
  reference?: string;
}

/** `quantity` is what the stock changes by. */
export class AdjustmentDto {
  @Integer(-mostPieces, mostPieces, { isNonZero: true })
  quantity!: number;

  @Text(500)
  reason!: string;
}
