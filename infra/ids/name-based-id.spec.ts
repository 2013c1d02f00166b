import fc from 'fast-check';
import { v5 } from 'uuid';
import { nameBasedId } from './name-based-id.js';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('gives the id that RFC 9562 shows', () => {
  expect(nameBasedId('www.example.com', dns)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('gives the ids that the library gives, which stored events have', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (name, namespace) => {
      expect(nameBasedId(name, namespace)).toBe(v5(name, namespace));
    }),
  );
});

it.each(['', 'x', '6ba7b810-9dad-11d1-80b4-00c04fd430', `${dns}00`])('refuses %j as a namespace', (namespace) => {
  expect(() => nameBasedId('name', namespace)).toThrow('is not a UUID');
});
