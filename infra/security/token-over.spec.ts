import { jest } from '@jest/globals';
import { createTellByName } from './tell-by-name.js';
import { createWhenOver } from './token-over.js';

/** Whoever goes on with a token of session `s1`, signed by `k1`, which expires after a minute. */
const begin = () => {
  const [sessions, keys] = [createTellByName(), createTellByName()];
  const gone = new Set<string>();
  const whenOver = createWhenOver({
    revokedSessions: { has: (id) => gone.has(id), onEnd: sessions.on },
    signingKeys: { has: (kid) => !gone.has(kid), onDrop: keys.on },
  });
  const end = jest.fn();
  const start = () => whenOver({ sessionId: 's1', signedBy: 'k1', expiresAtMs: Date.now() + 60_000 }, end);
  return { start, end, sessions, keys, gone, waitsFor: () => [...sessions.names(), ...keys.names()] };
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a token that somebody goes on with', () => {
  it('is over when it expires', () => {
    const { start, end } = begin();
    start();
    jest.advanceTimersByTime(59_999);
    expect(end).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(end).toHaveBeenCalled();
  });

  it('is over with its session, not with others', () => {
    const { start, end, sessions } = begin();
    start();
    sessions.tell('s2');
    expect(end).not.toHaveBeenCalled();
    sessions.tell('s1');
    expect(end).toHaveBeenCalled();
  });

  it('is over with its key', () => {
    const { start, end, keys } = begin();
    start();
    keys.tell('k1');
    expect(end).toHaveBeenCalled();
  });

  it.each(['s1', 'k1'])('is over from the start where %s has gone meanwhile', (name) => {
    const { start, end, gone } = begin();
    gone.add(name);
    start();
    expect(end).toHaveBeenCalled();
  });

  it('concerns nobody any more who has stopped', () => {
    const { start, end, sessions, keys, waitsFor } = begin();
    const [stop, other] = [start(), start()];
    stop();
    sessions.tell('s1');
    expect(end).toHaveBeenCalledTimes(1);
    other();
    keys.tell('k1');
    expect(end).toHaveBeenCalledTimes(1);
    expect([waitsFor(), jest.getTimerCount()]).toEqual([[], 0]);
  });
});
