import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { parseSettings, type Disturbances } from './disturbances.js';
import type { Ledger } from './ledger.js';
import { paymentMethodOf } from './payment-methods.js';
import { problemAnswer, RequestRefused, type Answer } from './problems.js';
import { parseAuthorise, parseCapture, parseKey, parseRefund, parseVoidByKey, type LedgerRequest } from './requests.js';
import { inServerSpan } from './server-span.js';

export type ProviderParts = Readonly<{
  ledger: Ledger;
  /** What people have set to go wrong: with every call but those for health and for the settings themselves. */
  disturbances: Disturbances;
  /** Waits as long as a slow bank takes to answer. */
  beSlow: () => Promise<void>;
  /** Hears of every error that is answered with a 500. */
  onError: (error: unknown) => void;
}>;

/** The payment provider's HTTP API over a ledger. */
export const createProviderApp = ({ ledger, disturbances, beSlow, onError }: ProviderParts): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.get(['/health/live', '/health/ready'], (_req, res) => void res.json({ status: 'ok' }));
  app.use(express.json({ limit: '16kb' }));

  app.get('/settings', (_req, res) => void res.json(disturbances.settings()));
  app.put('/settings', (req, res) => {
    disturbances.set(parseSettings(req.body));
    res.json(disturbances.settings());
  });

  const disturbed = (route: string, handle: (req: Request, res: Response) => void | Promise<void>) =>
    inServerSpan(route, async (req, res) => {
      const fate = await disturbances.disturb();
      if (fate === 'failed') {
        send(problemAnswer('provider_failed'), res);
        return;
      }
      if (fate === 'silenced') res.locals[silenced] = true;
      await handle(req, res);
    });

  const post = (route: string, requestFrom: (body: unknown, reference: string) => LedgerRequest) =>
    app.post(
      route,
      disturbed(route, (req, res) => {
        const key = parseKey(req.get('Idempotency-Key'));
        return perform(key, requestFrom(req.body, String(req.params['reference'])), res);
      }),
    );
  post('/authorisations', parseAuthorise);
  post('/authorisations/:reference/captures', (body, reference) => parseCapture(reference, body));
  post('/authorisations/:reference/voids', (_body, reference) => ({ type: 'void', charge: reference }));
  post('/voids', parseVoidByKey);
  post('/captures/:reference/refunds', (body, reference) => parseRefund(reference, body));

  app.get(
    '/ledger',
    disturbed('/ledger', ({ query: { orderId } }, res) => {
      const body = typeof orderId === 'string' ? ledger.orderTotals(orderId) : { orders: ledger.allTotals() };
      send({ status: 200, body }, res);
    }),
  );

  const perform = async (key: string, request: LedgerRequest, res: Response): Promise<void> => {
    const answers = request.type === 'authorise' ? paymentMethodOf(request.method).answers : undefined;
    if (answers === 'after_two_failures' && ledger.failsAgain(key, 2)) {
      send(problemAnswer('provider_failed'), res);
      return;
    }
    const { answer, isRepeat } = ledger.execute(key, request);
    if (answers === 'only_a_repeat' && !isRepeat) res.locals[silenced] = true;
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

/** Under this name a response knows that it is not to be sent. */
const silenced = 'silenced';

const send = ({ status, body }: Answer, res: Response) => {
  if (res.locals[silenced] === true) {
    res.socket?.destroy();
    return;
  }
  res
    .status(status)
    .type(status < 400 ? 'application/json' : 'application/problem+json')
    .send(JSON.stringify(body));
};
