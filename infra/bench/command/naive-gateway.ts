import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { plainToInstance, Type } from 'class-transformer';
import { IsInt, IsString, MaxLength, Min, validate, ValidateNested } from 'class-validator';
import type { default as ExpressModule } from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/**
 * Placing an order with stock parts, as a first version is often written: default Express, jose, class-validator's
 * interpreter, automatic instrumentation, and the streams of the products and the user read anew for every order. It
 * writes no log, seals no address and keeps no metadata, so that the path it is measured beside does more.
 */
new NodeTracerProvider({
  spanProcessors: [
    new BatchSpanProcessor(
      new OTLPTraceExporter({ url: `${process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''}/v1/traces` }),
    ),
  ],
}).register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()] });

class Item {
  @IsString()
  productId!: string;

  @IsInt()
  @Min(1)
  quantity!: number;
}

class Address {
  @MaxLength(200)
  name!: string;

  @MaxLength(200)
  street!: string;

  @MaxLength(200)
  city!: string;

  @MaxLength(20)
  postalCode!: string;

  @MaxLength(2)
  country!: string;
}

class Order {
  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];

  @IsString()
  paymentMethod!: string;

  @ValidateNested()
  @Type(() => Address)
  shippingAddress!: Address;
}

type Stored = Readonly<Record<string, unknown>>;
type Price = Readonly<{ amount: number; currency: string }>;

const keys = createRemoteJWKSet(new URL(process.env['JWKS_URL'] ?? ''));
const client = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? '');

const rehydrated = async (stream: string): Promise<Stored> => {
  let state: Stored = {};
  for await (const { event } of client.readStream(stream)) state = { ...state, ...(event?.data as Stored) };
  return state;
};

// Instrumentation sees only what is loaded after it, by `require`.
const express = createRequire(import.meta.url)('express') as typeof ExpressModule;
const app = express();
app.use(express.json());
app.post('/api/v1/orders', async (request, response) => {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const { payload } = await jwtVerify(token, keys, { issuer: 'evermart', audience: 'evermart' });
  const order = plainToInstance(Order, request.body);
  const errors = await validate(order, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) {
    response.status(400).json(errors);
    return;
  }
  const [buyer, ...products] = await Promise.all([
    rehydrated(`user-${payload.sub ?? ''}`),
    ...order.items.map(({ productId }) => rehydrated(`product-${productId}`)),
  ]);
  if (buyer['userId'] === undefined) {
    response.status(400).json({ code: 'order.unknown_user' });
    return;
  }
  const lines = order.items.map(({ productId, quantity }, index) => {
    const { sku, name, price } = products[index] as { sku: string; name: string; price: Price };
    return { productId, sku, name, quantity, unitPrice: price };
  });
  const total = {
    amount: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0),
    currency: 'EUR',
  };
  const id = randomUUID();
  const data = { orderId: id, userId: payload.sub, lines, total, address: order.shippingAddress };
  await client.appendToStream(`naive-${id}`, jsonEvent({ type: 'OrderPlaced', data }), { expectedRevision: NO_STREAM });
  response.status(201).json({ id, userId: payload.sub, items: lines, total, status: 'PENDING' });
});

const server = app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.('listening'));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  process.exit(0);
});
