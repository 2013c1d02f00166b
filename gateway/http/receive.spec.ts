import { Readable } from 'node:stream';
import type { Request } from 'express';
import { CancellationDto, ReturnDto } from '../orders/dto.js';
import { createReceive } from './receive.js';
import { anonymous, route, type Dto } from './route.js';
import { createValidators } from './validation.js';

const validators = createValidators();
const admit = () => Promise.resolve(anonymous);
const json = { 'content-type': 'application/json' };

/** What a route that takes `body` makes of a request with these headers. */
const received = async (body: Dto, headers: Record<string, string>, sent = '') => {
  const terms = { id: 'tried', summary: 'Tries', answers: { status: 204 }, access: 'public', body } as const;
  const receive = createReceive(
    route('POST', '/orders/:id/cancel', terms, () => Promise.reject(new Error('Nobody handles it'))),
    { admit, addressOf: () => '192.0.2.7', validators },
  );
  const request = Object.assign(Readable.from([Buffer.from(sent)]), {
    headers,
    params: { id: 'o1' },
    query: {},
    socket: {},
  });
  return (await receive(request as unknown as Request, '00-1-2-01', {})).body;
};
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('a body that is not sent', () => {
  it.each<[string, Record<string, string>]>([
    ['no length', {}],
    ['the length 0', { 'content-length': '0' }],
    ['the length 0 and a type', { 'content-length': '0', ...json }],
  ])('is taken for an empty one where nothing in it is needed: %s', async (_how, headers) =>
    expect(await received(CancellationDto, headers)).toEqual({}),
  );
  it('is refused where something in it is needed', async () =>
    expect(received(ReturnDto, {})).rejects.toEqual(refusal('request.unsupported_media_type')));
});

describe('a body that is sent', () => {
  it('is read, also where nothing in it is needed', async () =>
    expect(await received(CancellationDto, { ...json, 'content-length': '17' }, '{"reason": "cold"}')).toEqual({
      reason: 'cold',
    }));
  it.each<[string, Record<string, string>]>([
    ['of a length', { 'content-length': '2' }],
    ['in parts', { 'transfer-encoding': 'chunked' }],
  ])('must be JSON: %s', async (_how, headers) =>
    expect(received(CancellationDto, headers, '{}')).rejects.toEqual(refusal('request.unsupported_media_type')),
  );
  it('is refused in parts that come to nothing', async () =>
    expect(received(CancellationDto, { 'transfer-encoding': 'chunked', ...json })).rejects.toEqual(
      refusal('request.malformed_json'),
    ));
});
