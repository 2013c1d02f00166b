import { IsOptional } from 'class-validator';
import type { PageRequest } from '../../projections/shared/queries.js';
import { Integer, Text } from './fields.js';

const defaultLimit = 20;

/** The query string that every list understands. */
export class PageQuery {
  @IsOptional()
  @Integer(1, 100)
  limit?: number;

  @IsOptional()
  @Text(2_000)
  cursor?: string;
}

/** The part of a list that was asked for, and the filters beside it. */
export const pageOf = <Query extends PageQuery>({
  limit = defaultLimit,
  cursor,
  ...filter
}: Query): Readonly<{ page: PageRequest; filter: Omit<Query, keyof PageQuery> }> => ({
  page: { limit, cursor },
  filter,
});
