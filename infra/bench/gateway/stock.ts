import 'reflect-metadata';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  validate,
  ValidateNested,
} from 'class-validator';
import type { default as ExpressModule } from 'express';
import { jwtVerify } from 'jose';
import { headersOf, placed } from './order.js';
import { listening, serve, type Setting } from './serving.js';

/**
 * The route as it is often written first: default Express, `express.json()`, class-validator's interpreter, the token
 * verified for every request, automatic instrumentation. It limits nobody and writes no log.
 */
class Item {
  @IsString()
  @Matches(/^[A-Za-z0-9._:-]{1,128}$/)
  productId!: string;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity!: number;
}

class Address {
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  street!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  city!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(20)
  postalCode!: string;

  @IsString()
  @Matches(/^[A-Z]{2}$/)
  country!: string;
}

class Order {
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];

  @IsString()
  @Matches(/^[A-Za-z0-9._:-]{1,128}$/)
  paymentMethod!: string;

  @ValidateNested()
  @Type(() => Address)
  shippingAddress!: Address;

  @IsOptional()
  @IsString()
  userId?: string;
}

const trace = (spansTo: string) => {
  new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${spansTo}/v1/traces` }))],
  }).register();
  registerInstrumentations({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()] });
};

serve(({ signingKey, spansTo = '' }: Setting) => {
  trace(spansTo);
  const key = createPublicKey(createPrivateKey({ key: Buffer.from(signingKey), format: 'der', type: 'pkcs8' }));
  // Instrumentation sees only what is loaded after it, by `require`.
  const load = createRequire(import.meta.url);
  const express = load('express') as typeof ExpressModule;
  const http = load('node:http') as Readonly<{ createServer: typeof createServer }>;
  const app = express();
  app.use(express.json());
  app.post('/api/v1/orders', async (request, response) => {
    const [, token = ''] = request.headers.authorization?.split(' ') ?? [];
    const caller = await jwtVerify(token, key, { issuer: 'evermart', audience: 'evermart' }).catch(() => null);
    if (caller === null) {
      response.status(401).json({ code: 'auth.invalid_token' });
      return;
    }
    const order = plainToInstance(Order, request.body);
    const errors = await validate(order, { whitelist: true, forbidNonWhitelisted: true });
    if (errors.length > 0) {
      response.status(400).json({ code: 'request.invalid', errors });
      return;
    }
    const answer = placed(order, caller.payload.sub ?? '');
    response.status(201).set(headersOf(answer.id)).json(answer);
  });
  return listening(http.createServer(app));
});
