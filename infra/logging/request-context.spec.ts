import { setImmediate as nextTurn } from 'node:timers/promises';
import { injectRequestId, forRequest } from './request-context.js';
import { createWritableLog } from './testing/writable-log.js';

const ids = { requestId: 'r-1', traceId: '0af7651916cd43dd8448eb211c80319c' };

describe('what is done for a request', () => {
  it('is logged with its ids, however deep and late', async () => {
    const { log, lines } = createWritableLog();
    const deep = async (text: string) => {
      await nextTurn();
      log.child({ part: 'deep' }).warn(text);
    };
    log.info('before');
    await Promise.all([forRequest(ids, () => deep('one')), forRequest({ requestId: 'r-2' }, () => deep('two'))]);
    log.info('after');
    expect(lines().map(({ msg, requestId, traceId }) => ({ msg, requestId, traceId }))).toEqual([
      { msg: 'before' },
      { msg: 'one', ...ids },
      { msg: 'two', requestId: 'r-2' },
      { msg: 'after' },
    ]);
  });

  it('takes its id along to whoever is called', () => {
    expect(injectRequestId({ a: 'b' })).toEqual({ a: 'b' });
    expect(forRequest(ids, () => injectRequestId({ a: 'b' }))).toEqual({ a: 'b', 'x-request-id': 'r-1' });
  });
});
