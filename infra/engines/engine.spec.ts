import { firstThatWorks, withoutPassword } from './engine.js';

const fails = (reason: string) => () => Promise.reject(new Error(reason));
const { signal } = new AbortController();

describe('a shown connection string', () => {
  it.each([
    ['postgresql://postgres:secret@127.0.0.1:5432/evermart', 'postgresql://127.0.0.1:5432/evermart'],
    ['mongodb+srv://me:se%40cret@host/db?x=1', 'mongodb+srv://host/db?x=1'],
    ['esdb://127.0.0.1:2113?tls=false', 'esdb://127.0.0.1:2113?tls=false'],
    ['127.0.0.1:7233', '127.0.0.1:7233'],
  ])('of %s has no password', (url, shown) => expect(withoutPassword(url)).toBe(shown));
});

describe('several ways to have an engine', () => {
  it('are tried in order until one works', () =>
    expect(firstThatWorks({ a: fails('no a'), b: () => Promise.resolve('b'), c: fails('no c') }, signal)).resolves.toBe(
      'b',
    ));
  it('are all named when none works', () =>
    expect(firstThatWorks({ a: fails('no a'), b: fails('no b') }, signal)).rejects.toThrow('a: no a; b: no b'));
});
