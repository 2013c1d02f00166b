/** What JSON a field of an event may be, as its TypeScript type says. */
export type Shape =
  | Readonly<{ kind: 'primitive'; name: Primitive }>
  | Readonly<{ kind: 'literal'; value: string | number | boolean }>
  | Readonly<{ kind: 'list'; of: Shape }>
  | Readonly<{ kind: 'record'; of: Shape }>
  | Readonly<{ kind: 'union'; of: readonly Shape[] }>
  | ObjectShape;

export type ObjectShape = Readonly<{ kind: 'object'; fields: Readonly<Record<string, Field>> }>;
export type Field = Readonly<{ shape: Shape; isOptional: boolean }>;
export type Primitive = 'string' | 'number' | 'boolean' | 'null' | 'unknown';

/** The one text of a shape: whatever the type was written like, the same JSON gives the same text. */
export const textOf = (shape: Shape): string => {
  switch (shape.kind) {
    case 'primitive':
      return shape.name;
    case 'literal':
      return typeof shape.value === 'string' ? `'${shape.value}'` : String(shape.value);
    case 'list':
      return shape.of.kind === 'union' ? `(${textOf(shape.of)})[]` : `${textOf(shape.of)}[]`;
    case 'record':
      return `{ [key: string]: ${textOf(shape.of)} }`;
    case 'union':
      return shape.of.map(textOf).toSorted().join(' | ');
    case 'object':
      return `{ ${Object.entries(fieldTexts(shape))
        .map(([name, text]) => `${name}: ${text}`)
        .join('; ')} }`;
  }
};

/** The text of every field by its name, in the order of names; the name of one that may be missing ends in `?`. */
export const fieldTexts = ({ fields }: ObjectShape): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { shape, isOptional }]) => [isOptional ? `${name}?` : name, textOf(shape)]),
  );

/** Where a value is not what the shape says, one sentence each; none when it fits. `path` names the value. */
export const misfits = (shape: Shape, value: unknown, path: string): readonly string[] => {
  switch (shape.kind) {
    case 'union':
      return shape.of.some((each) => misfits(each, value, path).length === 0) ? [] : [misfit(shape, path)];
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item, index) => misfits(shape.of, item, `${path}[${index}]`))
        : [misfit(shape, path)];
    case 'record':
      return isObject(value)
        ? Object.entries(value).flatMap(([name, item]) => misfits(shape.of, item, `${path}.${name}`))
        : [misfit(shape, path)];
    case 'object':
      return isObject(value) ? misfitsOfFields(shape, value, path) : [misfit(shape, path)];
    case 'literal':
      return value === shape.value ? [] : [misfit(shape, path)];
    case 'primitive':
      return isPrimitive(shape.name, value) ? [] : [misfit(shape, path)];
  }
};

const misfitsOfFields = ({ fields }: ObjectShape, value: Readonly<Record<string, unknown>>, path: string) => [
  ...Object.entries(fields).flatMap(([name, { shape, isOptional }]) => {
    if (value[name] === undefined) return isOptional ? [] : [`${path}.${name} is missing`];
    return misfits(shape, value[name], `${path}.${name}`);
  }),
  ...Object.keys(value)
    .filter((name) => !(name in fields))
    .map((name) => `${path}.${name} is unknown`),
];

const misfit = (shape: Shape, path: string) => `${path} is not ${textOf(shape)}`;

const isPrimitive = (name: Primitive, value: unknown) => {
  if (name === 'unknown') return value !== undefined;
  return name === 'null' ? value === null : typeof value === name;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
