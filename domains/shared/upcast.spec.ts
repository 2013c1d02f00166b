import { upcast, type Upcasters } from './upcast.js';

const upcasters: Upcasters = {
  Renamed: {
    1: ({ title, ...rest }) => ({ ...rest, name: title }),
    2: (data) => ({ ...data, language: null }),
  },
};
const renamed = (data: Readonly<Record<string, unknown>>) => ({ type: 'Renamed', data });

describe('an upcaster', () => {
  it('leads the oldest version to the present through every version between', () =>
    expect(upcast(upcasters, renamed({ id: 'p1', title: 'Mug' }), 1, 3)).toEqual({
      id: 'p1',
      name: 'Mug',
      language: null,
    }));
  it('begins where the event was stored', () =>
    expect(upcast(upcasters, renamed({ name: 'Mug' }), 2, 3)).toEqual({ name: 'Mug', language: null }));
  it('leaves the present version as it is', () => {
    const data = { name: 'Mug', language: 'en' };
    expect(upcast(upcasters, renamed(data), 3, 3)).toBe(data);
  });
  it('refuses a version without a way to the present', () =>
    expect(() => upcast({}, renamed({}), 1, 2)).toThrow('No upcaster leads Renamed from version 1 to 2'));
  it('refuses a version that is yet to come', () =>
    expect(() => upcast(upcasters, renamed({}), 4, 3)).toThrow('knows versions up to 3'));
});
