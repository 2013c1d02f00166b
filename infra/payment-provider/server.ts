import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Ledger } from './ledger.js';
import { paymentMethodOf } from './payment-methods.js';
import { problemAnswer, RequestRefused, type Answer } from './problems.js';
import { parseAuthorise, parseCapture, parseKey, parseRefund, parseVoidByKey, type LedgerRequest } from './requests.js';
import { inServerSpan } from './server-span.js';

export type ProviderParts = Readonly<{
  ledger: Ledger;
  /** Waits as long as a slow bank takes to answer. */
  beSlow: () => Promise<void>;
  /** Hears of every error that is answered with a 500. */
  onError: (error: unknown) => void;
}>;

/** The payment provider's HTTP API over a ledger. */
export const createProviderApp = ({ ledger, beSlow, onError }: ProviderParts): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.get(['/health/live', '/health/ready'], (_req, res) => void res.json({ status: 'ok' }));
  app.use(express.json({ limit: '16kb' }));

  const post = (route: string, requestFrom: (body: unknown, reference: string) => LedgerRequest) =>
    app.post(
      route,
      inServerSpan(route, (req, res) => {
        const key = parseKey(req.get('Idempotency-Key'));
        return perform(key, requestFrom(req.body, String(req.params['reference'])), req, res);
      }),
    );
  post('/authorisations', parseAuthorise);
  post('/authorisations/:reference/captures', (body, reference) => parseCapture(reference, body));
  post('/authorisations/:reference/voids', (_body, reference) => ({ type: 'void', charge: reference }));
  post('/voids', parseVoidByKey);
  post('/captures/:reference/refunds', (body, reference) => parseRefund(reference, body));

  app.get(
    '/ledger',
    inServerSpan('/ledger', ({ query: { orderId } }, res) => {
      res.json(typeof orderId === 'string' ? ledger.orderTotals(orderId) : { orders: ledger.allTotals() });
    }),
  );

  const perform = async (key: string, request: LedgerRequest, req: Request, res: Response): Promise<void> => {
    const answers = request.type === 'authorise' ? paymentMethodOf(request.method).answers : undefined;
    if (answers === 'after_two_failures' && ledger.failsAgain(key, 2)) {
      send(problemAnswer('provider_failed'), res);
      return;
    }
    const { answer, isRepeat } = ledger.execute(key, request);
    if (answers === 'only_a_repeat' && !isRepeat) {
      req.socket.destroy();
      return;
    }
    if (answers === 'late' && !isRepeat) await beSlow();
    send(answer, res);
  };

  const answerError: ErrorRequestHandler = (error, _req, res, _next) => {
    const answer = answerToError(error);
    if (answer.status >= 500) onError(error);
    send(answer, res);
  };
  app.use((_req, res) => send(problemAnswer('not_found'), res));
  app.use(answerError);
  return app;
};

const answerToError = (error: unknown): Answer => {
  if (error instanceof RequestRefused) return problemAnswer(error.code, error.message);
  if (isBodyError(error)) return problemAnswer('request_invalid', 'The body is not JSON of at most 16 kB');
  return problemAnswer('provider_failed');
};

/** Express marks what it could not read of a request with a 4xx status. */
const isBodyError = (error: unknown) =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;

const send = ({ status, body }: Answer, res: Response) => {
  res
    .status(status)
    .type(status < 400 ? 'application/json' : 'application/problem+json')
    .send(JSON.stringify(body));
};
