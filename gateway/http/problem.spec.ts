import { DomainError, errorCodes } from '../../domains/shared/errors.js';
import { problemAnswer } from './problem.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('a problem', () => {
  it('has the status and title of its code, and the detail of the refusal', () =>
    expect(problemAnswer(new DomainError('product.sku_taken', 'Another product uses this SKU'), traceId)).toEqual({
      status: 409,
      headers: { 'content-type': 'application/problem+json', 'Cache-Control': 'no-store' },
      body: {
        type: 'urn:evermart:problem:product.sku_taken',
        title: errorCodes['product.sku_taken'].title,
        status: 409,
        detail: 'Another product uses this SKU',
        code: 'product.sku_taken',
        traceId,
      },
    }));

  it('names every wrong field', () => {
    const errors = [{ pointer: '/items/0/quantity', detail: 'must be integer' }];
    expect(problemAnswer(new DomainError('request.invalid', 'Wrong', errors), traceId).body.errors).toEqual(errors);
  });

  it('recognises a refusal by its code, wherever it was made', () => {
    const foreign = Object.assign(new Error('No such order'), { code: 'order.not_found', errors: [] });
    expect(problemAnswer(foreign, traceId).status).toBe(404);
  });

  it.each([
    ['an error', new Error('password=secret')],
    ['an error with a code of its own', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })],
    ['something thrown', 'secret'],
  ])('tells nothing of %s', (_what, error) => {
    const { status, body } = problemAnswer(error, traceId);
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal.error' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('asks for a token with 401, and to try again with 503', () => {
    expect(problemAnswer(new DomainError('auth.expired_token', ''), traceId).headers).toMatchObject({
      'WWW-Authenticate': 'Bearer',
    });
    expect(problemAnswer(new DomainError('view.behind', ''), traceId).headers).toMatchObject({ 'Retry-After': '1' });
  });
});
