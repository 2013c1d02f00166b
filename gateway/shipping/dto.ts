import { IsOptional } from 'class-validator';
import { Example, Text } from '../http/fields.js';

/** What a carrier tells of a shipment. */
@Example({ status: 'IN_TRANSIT', location: 'Leipzig' })
export class NewTrackingDto {
  @Text(100)
  status!: string;

  @IsOptional()
  @Text(200)
  location?: string;

  @IsOptional()
  @Text(500)
  note?: string;
}
