import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { objectShapeOfType } from './shape-of-type.js';
import type { ObjectShape } from './shape.js';

/** Which fields of an event are personal, and which of its fields says whose they are. */
export type PersonalFields = Readonly<{ subject: string; fields: readonly string[] }>;

/** An event type as the code says today. `upcasters` is the export of the context's `upcasters.ts` that serves it. */
export type EventType = Readonly<{
  context: string;
  type: string;
  version: number;
  personal: PersonalFields | null;
  shape: ObjectShape;
  upcasters: string;
}>;

/**
 * Every event type of every context under `root`, read from the constants of type `EventSchemas<…>` in each
 * `domains/<context>/events.ts`.
 *
 * @throws Error where a version or a personal field is not written out, or a field cannot be stored as JSON.
 */
export const readEventTypes = (root: string): readonly EventType[] => {
  const contexts = contextsIn(root);
  const paths = contexts.map((context) => join(root, 'domains', context, 'events.ts'));
  const program = ts.createProgram(paths, options);
  const checker = program.getTypeChecker();
  return contexts.flatMap((context, index) => {
    const source = program.getSourceFile(paths[index] ?? '');
    return source ? declarationsOf(source).flatMap((schemas) => eventTypesOf(checker, schemas, context)) : [];
  });
};

/** The contexts under `root` that have events. */
export const contextsIn = (root: string): readonly string[] =>
  readdirSync(join(root, 'domains'))
    .filter((name) => existsSync(join(root, 'domains', name, 'events.ts')))
    .toSorted();

const options: ts.CompilerOptions = {
  // All that shapes are made of is there: arrays, `Readonly`, `Record`, `Extract`.
  lib: ['lib.es5.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
};

type Schemas = Readonly<{ name: string; events: ts.TypeNode; entries: ts.ObjectLiteralExpression }>;

const declarationsOf = (source: ts.SourceFile): readonly Schemas[] =>
  source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.flatMap(({ name, type, initializer }) => {
      if (!type || !ts.isTypeReferenceNode(type) || type.typeName.getText() !== 'EventSchemas') return [];
      const [events] = type.typeArguments ?? [];
      if (!events || !initializer || !ts.isObjectLiteralExpression(initializer))
        throw new Error(`${source.fileName}: ${name.getText()} must be an object that is written out`);
      return [{ name: name.getText(), events, entries: initializer }];
    }),
  );

const eventTypesOf = (checker: ts.TypeChecker, { name, events, entries }: Schemas, context: string) => {
  const union = checker.getTypeFromTypeNode(events);
  return (union.isUnion() ? union.types : [union]).map((message): EventType => {
    const type = checker.getTypeOfSymbol(propertyOf(message, 'type', name));
    if (!type.isStringLiteral()) throw new Error(`An event in ${name} has no name`);
    const data = checker.getTypeOfSymbol(propertyOf(message, 'data', name));
    const shape = objectShapeOfType(checker, data, type.value);
    const schema = schemaOf(checker, entries, type.value);
    return { context, type: type.value, shape, upcasters: name.replace(/Events$/, 'Upcasters'), ...schema };
  });
};

const propertyOf = (type: ts.Type, name: string, owner: string): ts.Symbol => {
  const property = type.getProperty(name);
  if (!property) throw new Error(`An event in ${owner} has no ${name}`);
  return property;
};

const schemaOf = (checker: ts.TypeChecker, entries: ts.ObjectLiteralExpression, type: string) => {
  const schema = valueOf(checker, entries, type) as Partial<{ version: number; personal: PersonalFields }> | undefined;
  if (typeof schema?.version !== 'number') throw new Error(`The version of ${type} must be written out in events.ts`);
  return { version: schema.version, personal: schema.personal ?? null };
};

/** What an entry of an object literal says, where it is written in literals or names constants that are. */
const valueOf = (checker: ts.TypeChecker, entries: ts.ObjectLiteralExpression, name: string): unknown => {
  const entry = entries.properties.find((property) => property.name?.getText().replace(/^'|'$/g, '') === name);
  if (!entry) return undefined;
  if (ts.isPropertyAssignment(entry)) return literal(checker, entry.initializer);
  if (ts.isShorthandPropertyAssignment(entry))
    return constant(checker, checker.getShorthandAssignmentValueSymbol(entry), name);
  throw new Error(`${name} must be written out in events.ts`);
};

const literal = (checker: ts.TypeChecker, node: ts.Expression): unknown => {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((element) => literal(checker, element));
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return literal(checker, node.expression);
  if (ts.isIdentifier(node)) return constant(checker, checker.getSymbolAtLocation(node), node.text);
  if (!ts.isObjectLiteralExpression(node)) throw new Error(`${node.getText()} must be written out in events.ts`);
  const names = node.properties.map((property) => property.name?.getText() ?? property.getText());
  return Object.fromEntries(names.map((name) => [name, valueOf(checker, node, name)]));
};

const constant = (checker: ts.TypeChecker, symbol: ts.Symbol | undefined, name: string): unknown => {
  const declaration = symbol?.valueDeclaration;
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    return literal(checker, declaration.initializer);
  throw new Error(`${name} must be a constant that is written out`);
};
