import ts from 'typescript';
import type { Field, ObjectShape, Shape } from './shape.js';

const primitives = [
  [ts.TypeFlags.String, 'string'],
  [ts.TypeFlags.Number, 'number'],
  [ts.TypeFlags.Boolean, 'boolean'],
  [ts.TypeFlags.Null, 'null'],
  [ts.TypeFlags.Unknown, 'unknown'],
] as const;

/**
 * What JSON a TypeScript type stands for; aliases, intersections and `Readonly` are worked out.
 *
 * @throws Error for a type that is stored as no JSON, or in more than one way: a function, `any`, a class, a tuple.
 */
export const shapeOfType = (checker: ts.TypeChecker, type: ts.Type, path: string): Shape => {
  const primitive = primitives.find(([flag]) => type.flags & flag);
  if (primitive) return { kind: 'primitive', name: primitive[1] };
  if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: 'literal', value: type.value };
  if (type.flags & ts.TypeFlags.BooleanLiteral)
    return { kind: 'literal', value: checker.typeToString(type) === 'true' };
  if (type.isUnion()) return unionOf(checker, type.types, path);
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    if (item) return { kind: 'list', of: shapeOfType(checker, item, `${path}[]`) };
  }
  return objectOfType(checker, type, path);
};

/**
 * As `shapeOfType`, for a type that stands for an object with fields.
 *
 * @throws Error for one that does not.
 */
export const objectShapeOfType = (checker: ts.TypeChecker, type: ts.Type, path: string): ObjectShape => {
  const shape = objectOfType(checker, type, path);
  if (shape.kind !== 'object') throw new Error(`${path} is no object with named fields`);
  return shape;
};

const objectOfType = (checker: ts.TypeChecker, type: ts.Type, path: string): Shape => {
  const isPlain = Boolean(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
  const isCallable = type.getCallSignatures().length > 0;
  if (!isPlain || isCallable || type.isClass() || checker.isTupleType(type))
    throw new Error(`${path} is ${checker.typeToString(type)}, which is not stored as JSON in one way only`);
  // Types that hold themselves would have no end; nothing that is stored is so deep.
  if (path.split('.').length > 20) throw new Error(`${path} is too deep to be stored`);
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (values) return { kind: 'record', of: shapeOfType(checker, values, `${path}.*`) };
  const fields = checker.getPropertiesOfType(type).map((property): [string, Field] => {
    const isOptional = Boolean(property.flags & ts.SymbolFlags.Optional);
    const type = checker.getTypeOfSymbol(property);
    const given = type.isUnion() ? type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined)) : [type];
    const shape = unionOf(checker, isOptional ? given : [type], `${path}.${property.name}`);
    return [property.name, { shape, isOptional }];
  });
  return { kind: 'object', fields: Object.fromEntries(fields) };
};

const unionOf = (checker: ts.TypeChecker, types: readonly ts.Type[], path: string): Shape => {
  const shapes = types.map((each) => shapeOfType(checker, each, path));
  // TypeScript takes `boolean` apart in unions.
  const isBoolean = (shape: Shape) => shape.kind === 'literal' && typeof shape.value === 'boolean';
  const others = shapes.filter((shape) => !isBoolean(shape));
  const members: readonly Shape[] =
    shapes.length - others.length === 2 ? [...others, { kind: 'primitive', name: 'boolean' }] : shapes;
  const [first, ...rest] = members;
  return first && rest.length === 0 ? first : { kind: 'union', of: members };
};
