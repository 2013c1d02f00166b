import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { DomainError, type FieldError } from '../../domains/shared/errors.js';
import type { Dto } from './route.js';

/** Checks a value against a DTO class and gives it back. @throws DomainError `request.invalid` with what is wrong. */
export type Validate = (value: unknown) => unknown;

export type Validators = Readonly<{
  body: (dto: Dto) => Validate;
  /** Turns the digits of a query string into numbers where the class says so. */
  query: (dto: Dto) => Validate;
}>;

/**
 * Reads the decorators of every DTO class that was loaded, and compiles them to JSON Schema once: class-validator
 * itself would take 15 µs for each order.
 */
export const createValidators = (): Validators => {
  const definitions = dtoSchemas();
  return {
    body: compilerOf(definitions, { coerceTypes: false }),
    query: compilerOf(definitions, { coerceTypes: true }),
  };
};

/** The JSON Schemas of all DTO classes by their names: nothing is allowed that they do not name. */
export const dtoSchemas = (): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    Object.entries(validationMetadatasToSchemas()).map(([name, { properties = {}, ...schema }]) => [
      name,
      { ...schema, properties: mapValues(properties as Record<string, Schema>, orNull), additionalProperties: false },
    ]),
  );

export type Schema = Readonly<Record<string, unknown>>;

/** A field that may be `null`, in words of JSON Schema. */
const orNull = ({ 'x-nullable': isNullable, ...schema }: Schema): Schema =>
  isNullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;

const mapValues = <From, To>(from: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]));

const compilerOf = (definitions: object, options: Readonly<{ coerceTypes: boolean }>) => {
  const ajv = new Ajv({ allErrors: true, verbose: true, ...options });
  formats.default(ajv);
  ajv.addSchema({ $id: 'gateway', definitions });
  return ({ name }: Dto): Validate => {
    const isValid: ValidateFunction = ajv.compile({ $ref: `gateway#/definitions/${name}` });
    return (value) => {
      if (!isValid(value))
        throw new DomainError('request.invalid', 'Some fields are wrong', fieldErrors(isValid.errors));
      return value;
    };
  };
};

/** More than anybody would read; whoever sends thousands of wrong fields does not get thousands of sentences for it. */
const mostErrors = 100;

/** One sentence of a kind for each field. */
const fieldErrors = (errors: ErrorObject[] | null | undefined): readonly FieldError[] => {
  const found = (errors ?? [])
    .slice(0, mostErrors)
    .map((error) => ({ pointer: pointerOf(error), detail: detailOf(error) }));
  return [...new Map(found.map((error) => [`${error.pointer} ${error.detail}`, error])).values()];
};

const pointerOf = ({ instancePath, keyword, params }: ErrorObject): string => {
  if (keyword === 'required') return `${instancePath}/${escaped(params['missingProperty'])}`;
  if (keyword === 'additionalProperties') return `${instancePath}/${escaped(params['additionalProperty'])}`;
  return instancePath;
};

/** RFC 6901: `~` and `/` within a name. A name that somebody made up can be long. */
const escaped = (name: unknown) => String(name).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');

const detailOf = ({ keyword, params, message = 'is wrong', parentSchema }: ErrorObject): string => {
  const description: unknown = parentSchema?.['description'];
  switch (keyword) {
    case 'required':
      return 'is needed';
    case 'additionalProperties':
      return 'is not known here';
    case 'enum':
      return `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'pattern':
    case 'not':
      return typeof description === 'string' ? `must be ${description}` : message;
    default:
      return message;
  }
};
