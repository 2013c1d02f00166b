import type { AddCategory, ProductData } from '../../domains/catalog/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import { sendClaiming, skuName, type ClaimingParts } from '../http/claimed-names.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf, PageQuery } from '../http/page-query.js';
import { basePath, route, type Route } from '../http/route.js';
import { CategoryDto, ProductDto, ProductsQuery } from './dto.js';

export type CatalogParts = ClaimingParts & Readonly<{ lookups: Lookups; catalog: CatalogQueries }>;

const access = { roles: ['staff'] } as const;

/** Products and categories. */
export const catalogRoutes = ({ lookups, catalog, ...parts }: CatalogParts): readonly Route[] => [
  route('GET', '/products', { access: 'public', query: ProductsQuery }, async ({ query, headers }) => {
    const { page, filter } = pageOf(query);
    return { status: 200, body: await catalog.list(filter, page, freshnessOf(headers)) };
  }),

  route('GET', '/products/:id', { access: 'public' }, async ({ params: { id }, headers }) => {
    const product = await catalog.byId(id, freshnessOf(headers));
    if (!product) throw new DomainError('product.not_found', `There is no product ${id}`);
    return foundAnswer(headers, product);
  }),

  route('POST', '/products', { access, body: ProductDto }, async (request) => {
    const { newId, message } = await commandContext(request, lookups);
    const product = productData(newId, request.body);
    const receipt = await sendClaiming(parts, skuName(product.sku), message('AddProduct', product));
    const headers = { Location: `${basePath}/products/${newId}` };
    return commandAnswer(receipt, { status: 201, headers, body: shown(product) });
  }),

  route('PUT', '/products/:id', { access, body: ProductDto }, async (request) => {
    const { message } = await commandContext(request, lookups);
    const product = productData(request.params.id, request.body);
    const receipt = await sendClaiming(parts, skuName(product.sku), message('ChangeProduct', product));
    return commandAnswer(receipt, { status: 200, body: shown(product) });
  }),

  route('DELETE', '/products/:id', { access }, async (request) => {
    const { message } = await commandContext(request, lookups);
    const product = { productId: request.params.id };
    return commandAnswer(await parts.bus.send('catalog', message('DiscontinueProduct', product)), { status: 204 });
  }),

  route('GET', '/categories', { access: 'public', query: PageQuery }, async ({ query, headers }) => {
    const { page } = pageOf(query);
    return { status: 200, body: await catalog.categories(page, freshnessOf(headers)) };
  }),

  route('POST', '/categories', { access, body: CategoryDto }, async (request) => {
    const { newId: id, message } = await commandContext(request, lookups);
    const { name, parentId = null } = request.body;
    const category: AddCategory['data'] = { categoryId: id, name, parentId };
    const receipt = await parts.bus.send('catalog', message('AddCategory', category));
    return commandAnswer(receipt, { status: 201, body: { id, name, parentId } });
  }),
];

const productData = (
  productId: string,
  { sku, name, description = '', price, categories = [] }: ProductDto,
): ProductData => ({ productId, sku, name, description, price, categories });

/** What is available is not the catalog's to say: the view knows. */
const shown = ({ productId, ...product }: ProductData) => ({ id: productId, ...product });
