import type { AddCategory, ProductData } from '../../domains/catalog/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import { sendClaiming, skuName, type ClaimingParts } from '../http/claimed-names.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf, PageQuery } from '../http/page-query.js';
import { basePath, command, query, type Route } from '../http/route.js';
import { created, createdAt, found, noContent, ok } from '../http/success.js';
import { CategoriesAnswer, CategoryAnswer, ProductAnswer, ProductDetailsAnswer, ProductsAnswer } from './answers.js';
import { NewCategoryDto, NewProductDto, ProductsQuery } from './dto.js';

export type CatalogParts = ClaimingParts & Readonly<{ lookups: Lookups; catalog: CatalogQueries }>;

const access = { roles: ['staff'] } as const;

/** Products and categories. */
export const catalogRoutes = ({ lookups, catalog, ...parts }: CatalogParts): readonly Route[] => [
  query(
    'GET',
    '/products',
    {
      id: 'listProducts',
      summary: 'Products on offer, by name unless sorted otherwise',
      access: 'public',
      query: ProductsQuery,
      answers: found(ProductsAnswer),
      refuses: ['request.invalid_cursor'],
    },
    async ({ query: asked, headers }) => {
      const { page, filter } = pageOf(asked);
      return { status: 200, body: await catalog.list(filter, page, freshnessOf(headers)) };
    },
  ),

  query(
    'GET',
    '/products/:id',
    {
      id: 'getProduct',
      summary: 'A product on offer',
      access: 'public',
      answers: found(ProductAnswer),
      refuses: ['product.not_found'],
    },
    async ({ params: { id }, headers }) => {
      const product = await catalog.byId(id, freshnessOf(headers));
      if (!product) throw new DomainError('product.not_found', `There is no product ${id}`);
      return foundAnswer(product);
    },
  ),

  command(
    'POST',
    '/products',
    {
      id: 'addProduct',
      summary: 'Adds a product',
      access,
      body: NewProductDto,
      answers: createdAt(ProductDetailsAnswer),
      refuses: ['product.sku_taken', 'product.already_added'],
    },
    async (request) => {
      const { newId, message } = await commandContext(request, lookups);
      const product = productData(newId, request.body);
      const receipt = await sendClaiming(parts, skuName(product.sku), message('AddProduct', product));
      const headers = { Location: `${basePath}/products/${newId}` };
      return commandAnswer(receipt, { status: 201, headers, body: shown(product) });
    },
  ),

  command(
    'PUT',
    '/products/:id',
    {
      id: 'changeProduct',
      summary: 'Changes a product; what is left out is empty then',
      access,
      body: NewProductDto,
      answers: ok(ProductDetailsAnswer),
      refuses: ['product.not_found', 'product.sku_taken', 'product.discontinued', 'product.change_abandoned'],
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const product = productData(request.params.id, request.body);
      const receipt = await sendClaiming(parts, skuName(product.sku), message('ChangeProduct', product));
      return commandAnswer(receipt, { status: 200, body: shown(product) });
    },
  ),

  command(
    'DELETE',
    '/products/:id',
    {
      id: 'discontinueProduct',
      summary: 'Takes a product off offer',
      access,
      answers: noContent,
      refuses: ['product.not_found'],
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const product = { productId: request.params.id };
      return commandAnswer(await parts.bus.send('catalog', message('DiscontinueProduct', product)), { status: 204 });
    },
  ),

  query(
    'GET',
    '/categories',
    {
      id: 'listCategories',
      summary: 'Categories, by name',
      access: 'public',
      query: PageQuery,
      answers: found(CategoriesAnswer),
      refuses: ['request.invalid_cursor'],
    },
    async ({ query: asked, headers }) => {
      const { page } = pageOf(asked);
      return { status: 200, body: await catalog.categories(page, freshnessOf(headers)) };
    },
  ),

  command(
    'POST',
    '/categories',
    {
      id: 'addCategory',
      summary: 'Adds a category',
      access,
      body: NewCategoryDto,
      answers: created(CategoryAnswer),
      refuses: ['category.unknown_parent', 'category.already_added'],
    },
    async (request) => {
      const { newId: id, message } = await commandContext(request, lookups);
      const { name, parentId = null } = request.body;
      const category: AddCategory['data'] = { categoryId: id, name, parentId };
      const receipt = await parts.bus.send('catalog', message('AddCategory', category));
      return commandAnswer(receipt, { status: 201, body: { id, name, parentId } });
    },
  ),
];

const productData = (
  productId: string,
  { sku, name, description = '', price, categories = [] }: NewProductDto,
): ProductData => ({ productId, sku, name, description, price, categories });

/** What is available is not the catalog's to say: the view knows. */
const shown = ({ productId, ...product }: ProductData) => ({ id: productId, ...product });
