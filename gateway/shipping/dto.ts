import { IsOptional } from 'class-validator';
import { Text } from '../http/fields.js';

/** What a carrier tells of a shipment. */
export class TrackingDto {
  @Text(100)
  status!: string;

  @IsOptional()
  @Text(200)
  location?: string;

  @IsOptional()
  @Text(500)
  note?: string;
}
