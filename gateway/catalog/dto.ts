import { IsOptional } from 'class-validator';
import { examples } from '../http/examples.js';
import { Example, Id, Integer, ListOfIds, One, OneOf, Text } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import { MoneyDto } from '../http/shapes.js';
import type { ProductSort } from '../../projections/catalog/queries.js';

/** A product whole: what is left out is empty. */
@Example({ sku: 'MUG-1', name: 'Mug', description: 'Holds 300 ml.', price: examples.price, categories: ['kitchen'] })
export class NewProductDto {
  @Id()
  sku!: string;

  @Text(200)
  name!: string;

  @IsOptional()
  @Text(10_000, 0)
  description?: string;

  @One(MoneyDto)
  price!: MoneyDto;

  @IsOptional()
  @ListOfIds(50)
  categories?: string[];
}

@Example({ name: 'Kitchen' })
export class NewCategoryDto {
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
