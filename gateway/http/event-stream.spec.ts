import { jest } from '@jest/globals';
import { eventStream, lastEventIdOf, message, messagesOf, opening } from './event-stream.js';

const at = (position: bigint) => ({ position });
const plain = ({ position }: { position: bigint }) => message('order', { position: String(position) });

describe('a message', () => {
  it('has its position, its event and its data', () =>
    expect(messagesOf([at(7n)], () => message('order', { orderId: 'o1' }))).toBe(
      'id: 7\nevent: order\ndata: {"orderId":"o1"}\n\n',
    ));

  it('is on one line, whatever is in it', () =>
    expect(message('order', { text: 'a\nb\rc' }).match(/^data: .*$/gm)).toEqual(['data: {"text":"a\\nb\\rc"}']));

  it('can be gone on from only after the last of its position', () =>
    expect(messagesOf([at(1n), at(2n), at(2n), at(3n)], plain).match(/^(id|data): .*$/gm)).toEqual([
      'id: 1',
      'data: {"position":"1"}',
      'data: {"position":"2"}',
      'id: 2',
      'data: {"position":"2"}',
      'id: 3',
      'data: {"position":"3"}',
    ]));
});

describe('a stream', () => {
  it('begins with how to reconnect and from where', () => expect(opening(42n)).toBe('retry: 2000\nid: 42\n\n'));
  it('names no position before the first event of all', () => expect(opening(-1n)).toBe('retry: 2000\n\n'));

  describe('under way', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    const begin = () => {
      const written: string[] = [];
      const leaving = new AbortController();
      let [waiting, dropped] = [0, 0];
      let over: (() => void) | undefined;
      const sink = {
        write: (text: string | Uint8Array) => Promise.resolve(void written.push(String(text))),
        waiting: () => waiting,
        drop: () => void (dropped += 1),
      };
      const follow = (_deliver: unknown, signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      const whenOver = (end: () => void) => {
        over = end;
        return () => (over = undefined);
      };
      const { stream } = eventStream({ start: 1n, whenOver, messageOf: plain, follow });
      const ended = stream(sink, leaving.signal);
      return {
        written,
        ended,
        leave: () => leaving.abort(),
        letWait: (bytes: number) => (waiting = bytes),
        dropped: () => dropped,
        over: () => over,
      };
    };

    it('is kept open by comments until the client leaves', async () => {
      const { written, ended, leave } = begin();
      await jest.advanceTimersByTimeAsync(30_000);
      leave();
      await ended;
      expect(written).toEqual([opening(1n), ':\n\n', ':\n\n']);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('ends with the token', async () => {
      const { ended, over } = begin();
      await jest.advanceTimersByTimeAsync(1);
      over()?.();
      await expect(ended).resolves.toBeUndefined();
      expect([over(), jest.getTimerCount()]).toEqual([undefined, 0]);
    });

    it('drops whoever lets too much wait', async () => {
      const { ended, leave, letWait, dropped } = begin();
      letWait(256 * 1024);
      await jest.advanceTimersByTimeAsync(15_000);
      expect(dropped()).toBe(0);
      letWait(256 * 1024 + 1);
      await jest.advanceTimersByTimeAsync(15_000);
      expect(dropped()).toBe(1);
      leave();
      await ended;
    });
  });
});

describe('where a caller goes on from', () => {
  it.each([
    ['nowhere', {}, {}, null],
    ['the header', { 'last-event-id': '7' }, {}, 7n],
    ['the address', {}, { lastEventId: '7' }, 7n],
    ['the header rather than the address', { 'last-event-id': '8' }, { lastEventId: '7' }, 8n],
    ['the furthest position', { 'last-event-id': '999999999999999999' }, {}, 999_999_999_999_999_999n],
  ])('is %s', (_, headers, query, expected) => expect(lastEventIdOf(headers, query)).toBe(expected));

  it.each(['', '-1', '+1', '1.0', '0x1', '1 ', '12345678901234567890', '1000000000000000000', 'a'])(
    'is refused as %j',
    (given) => {
      const refused = expect.objectContaining({ code: 'request.invalid' }) as Error;
      expect(() => lastEventIdOf({ 'last-event-id': given }, {})).toThrow(refused);
      expect(() => lastEventIdOf({}, { lastEventId: given })).toThrow(refused);
    },
  );
});
