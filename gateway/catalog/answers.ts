import { exampleProduct } from '../http/examples.js';
import { Example, Id, Integer, ListOf, ListOfIds, Nullable, One, Text } from '../http/fields.js';
import { MoneyDto, PageDto } from '../http/shapes.js';

const { available: _, ...details } = exampleProduct;

/** A product as it was told to be. */
@Example(details)
export class ProductDetailsAnswer {
  @Id()
  id!: string;

  @Id()
  sku!: string;

  @Text(200)
  name!: string;

  @Text(10_000, 0)
  description!: string;

  @One(MoneyDto)
  price!: MoneyDto;

  @ListOfIds(50)
  categories!: readonly string[];
}

/** A product on offer. */
@Example(exampleProduct)
export class ProductAnswer extends ProductDetailsAnswer {
  @Integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  available!: number;
}

@Example({ items: [exampleProduct], nextCursor: null })
export class ProductsAnswer extends PageDto {
  @ListOf(ProductAnswer, 100)
  items!: readonly ProductAnswer[];
}

@Example({ id: 'kitchen', name: 'Kitchen', parentId: null })
export class CategoryAnswer {
  @Id()
  id!: string;

  @Text(200)
  name!: string;

  @Nullable()
  @Id()
  parentId!: string | null;
}

@Example({ items: [{ id: 'kitchen', name: 'Kitchen', parentId: null }], nextCursor: null })
export class CategoriesAnswer extends PageDto {
  @ListOf(CategoryAnswer, 100)
  items!: readonly CategoryAnswer[];
}
