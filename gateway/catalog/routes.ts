import type { ProductData } from '../../domains/catalog/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf } from '../http/page-query.js';
import { basePath, route, type Route } from '../http/route.js';
import { ProductDto, ProductsQuery } from './dto.js';

export type CatalogParts = Readonly<{ bus: ServiceBus; lookups: Lookups; catalog: CatalogQueries }>;

const access = { roles: ['staff'] } as const;

/** Products. */
export const catalogRoutes = ({ bus, lookups, catalog }: CatalogParts): readonly Route[] => [
  route('GET', '/products', { access: 'public', query: ProductsQuery }, async ({ query, headers }) => {
    const { page, filter } = pageOf(query);
    return { status: 200, body: await catalog.list(filter, page, freshnessOf(headers)) };
  }),

  route('GET', '/products/:id', { access: 'public' }, async ({ params: { id }, headers }) => {
    const product = await catalog.byId(id, freshnessOf(headers));
    if (!product) throw new DomainError('product.not_found', `There is no product ${id}`);
    return { status: 200, body: product };
  }),

  route('POST', '/products', { access, body: ProductDto }, async (request) => {
    const { newId, message } = await commandContext(request, lookups);
    const product = productData(newId, request.body);
    const receipt = await bus.send('catalog', message('AddProduct', product));
    const headers = { Location: `${basePath}/products/${newId}` };
    return commandAnswer(receipt, { status: 201, headers, body: shown(product) });
  }),

  route('PUT', '/products/:id', { access, body: ProductDto }, async (request) => {
    const { message } = await commandContext(request, lookups);
    const product = productData(request.params.id, request.body);
    const receipt = await bus.send('catalog', message('ChangeProduct', product));
    return commandAnswer(receipt, { status: 200, body: shown(product) });
  }),
];

const productData = (
  productId: string,
  { sku, name, description = '', price, categories = [] }: ProductDto,
): ProductData => ({ productId, sku, name, description, price, categories });

/** What is available is not the catalog's to say: the view knows. */
const shown = ({ productId, ...product }: ProductData) => ({ id: productId, ...product });
