import { createHash } from 'node:crypto';
import { textOf, type ObjectShape, type Shape } from './shape.js';

/**
 * An example of a shape, the same every time. Fields of one name have one value in every event, so that the examples
 * of a stream belong together; amounts add up.
 */
export const exampleOf = ({ fields }: ObjectShape): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).map(([name, { shape }]) => [name, valueOf(shape, name)]));

const valueOf = (shape: Shape, name: string): unknown => {
  switch (shape.kind) {
    case 'primitive':
      return primitives[shape.name](name);
    case 'literal':
      return shape.value;
    case 'list':
      return [valueOf(shape.of, name)];
    case 'record':
      return { [`${name}-key`]: valueOf(shape.of, name) };
    case 'object':
      return exampleOf(shape);
    case 'union': {
      const [first = null] = shape.of.filter((each) => textOf(each) !== 'null').toSorted(byText);
      return first && valueOf(first, name);
    }
  }
};

const byText = (a: Shape, b: Shape) => (textOf(a) < textOf(b) ? -1 : 1);

const primitives = {
  string: (name: string) => {
    if (/Id$/.test(name)) return idOf(name);
    if (/(^|[a-z])(At|Until)$|^at$/.test(name)) return '2026-01-01T00:00:00.000Z';
    return words[name] ?? `some ${name}`;
  },
  number: (name: string) => (name === 'amount' ? 1200 : 1),
  boolean: () => true,
  null: () => null,
  unknown: () => null,
};

const words: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  phone: '+491510000000',
  currency: 'EUR',
  country: 'DE',
  sku: 'SKU-1',
  code: 'card_declined',
};

/** In the form of a UUID (version 8, RFC 9562: made as one likes), from the field's name alone. */
const idOf = (name: string) => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
