/** In the order of the marks of a row: `+` is let in, `-` is refused. */
export const columns = ['anonymous', 'customer', 'staff', 'auditor', 'admin'] as const;

const anybody = '+++++';
const signedIn = '-++++';
const customer = '-+---';
const staff = '--+--';
const admin = '----+';
const auditors = '---++';

/**
 * Who may use which route, written by hand: a route without a row fails a test, as does one that lets others in. What
 * belongs to somebody is there for them, and for whoever looks after it, whatever the row says.
 */
export const roleTable: Readonly<Record<string, string>> = {
  'POST /users': anybody,
  'GET /users': admin,
  'GET /users/:id': signedIn,
  'PUT /users/:id': signedIn,
  'DELETE /users/:id': signedIn,
  'PUT /users/:id/roles': admin,
  'GET /users/:id/orders': signedIn,

  'POST /auth/token': anybody,
  'POST /auth/refresh': anybody,
  'POST /auth/logout': signedIn,

  'GET /products': anybody,
  'GET /products/:id': anybody,
  'POST /products': staff,
  'PUT /products/:id': staff,
  'DELETE /products/:id': staff,
  'GET /categories': anybody,
  'POST /categories': staff,

  'GET /inventory/:productId': staff,
  'POST /inventory/:productId/receipts': staff,
  'POST /inventory/:productId/adjustments': staff,

  'GET /cart': customer,
  'PUT /cart/items/:productId': customer,
  'DELETE /cart/items/:productId': customer,
  'POST /cart/checkout': customer,

  'POST /orders': '-++--',
  'GET /orders': signedIn,
  'GET /orders/:id': signedIn,
  'POST /orders/:id/cancel': signedIn,
  'PUT /orders/:id/status': staff,
  'GET /orders/:id/timeline': signedIn,
  'GET /orders/:id/saga': staff,
  'POST /orders/:id/saga/retry': staff,
  'POST /orders/:id/saga/skip': staff,
  'POST /orders/:id/saga/abort': staff,
  'POST /orders/:id/returns': signedIn,
  'GET /orders/:id/events': signedIn,
  'GET /events/orders': staff,

  'POST /payments': signedIn,
  'GET /payments/:orderId': signedIn,
  'POST /payments/:orderId/refunds': staff,
  'POST /webhooks/payments': anybody,

  'GET /shipments/:orderId': signedIn,
  'POST /shipments/:orderId/tracking': staff,

  'GET /notifications': signedIn,

  'GET /bff/web/home': customer,
  'GET /bff/mobile/home': customer,
  'GET /bff/web/orders/:id': customer,

  'GET /admin/projections': admin,
  'POST /admin/projections/:name/rebuild': admin,
  'POST /admin/projections/:name/switch': admin,
  'POST /admin/projections/:name/rollback': admin,
  'GET /admin/projections/:name/parked': admin,
  'POST /admin/projections/:name/parked/:key/retry': admin,
  'DELETE /admin/projections/:name/parked/:key': admin,

  'GET /metrics': anybody,
  'GET /health': anybody,
  'GET /health/live': anybody,
  'GET /health/ready': anybody,
  'GET /openapi.json': anybody,
  'GET /.well-known/jwks.json': anybody,

  'GET /audit/streams': auditors,
  'GET /audit/streams/:stream': auditors,
  'GET /audit/streams/:stream/state': auditors,
  'GET /audit/streams/:stream/difference': auditors,
  'GET /audit/events': auditors,
  'GET /audit/correlations/:id': auditors,
  'POST /audit/replays': auditors,
  'GET /audit/replays': auditors,
  'GET /audit/replays/:id': auditors,
  'GET /audit/replays/:id/rows': auditors,
  'DELETE /audit/replays/:id': auditors,
  'POST /audit/verifications': auditors,
  'GET /audit/verifications/:id': auditors,
  'GET /audit/verify': auditors,
  'GET /audit/proofs/:position': auditors,
  'GET /audit/consistency': auditors,
  'GET /audit/checkpoints': auditors,
  'POST /audit/exports': auditors,
};
