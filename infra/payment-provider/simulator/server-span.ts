import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import { contextOf, tracer, traceparentFrom } from '../../telemetry/tracing.js';

/** The handler within a server span that continues the caller's trace and ends when the answer has gone. */
export const inServerSpan =
  (route: string, handle: (req: Request, res: Response) => void | Promise<void>): RequestHandler =>
  (req, res) => {
    const caller = traceparentFrom(req.headers);
    const parent = caller === undefined ? context.active() : contextOf(caller);
    const attributes = { 'http.request.method': req.method, 'http.route': route };
    const span = tracer.startSpan(`provider ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    res.once('close', () => {
      if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode);
      if (!res.writableFinished || res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    return context.with(trace.setSpan(parent, span), () => handle(req, res));
  };
