import { IsOptional, ValidateNested } from 'class-validator';
import { Formed, Id, Integer, ListOfIds, OneOf, Text } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import type { ProductSort } from '../../projections/catalog/queries.js';

export class MoneyDto {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  amount!: number;

  @Formed(/^[A-Z]{3}$/, 'an ISO 4217 code')
  currency!: string;
}

/** A product whole: what is left out is empty. */
export class ProductDto {
  @Id()
  sku!: string;

  @Text(200)
  name!: string;

  @IsOptional()
  @Text(10_000, 0)
  description?: string;

  @ValidateNested()
  price!: MoneyDto;

  @IsOptional()
  @ListOfIds(50)
  categories?: string[];
}

export class CategoryDto {
  @Text(200)
  name!: string;

  @IsOptional()
  @Id()
  parentId?: string;
}

export class ProductsQuery extends PageQuery {
  @IsOptional()
  @Id()
  category?: string;

  @IsOptional()
  @Text(200, 0)
  q?: string;

  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  minPrice?: number;

  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  maxPrice?: number;

  @IsOptional()
  @OneOf(['name', '-name', 'price', '-price'] satisfies ProductSort[])
  sort?: ProductSort;
}
