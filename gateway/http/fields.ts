import 'reflect-metadata';
import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { Dto } from './route.js';

/** What may stand behind the category in a stream's name. */
export const idPattern = /^[A-Za-z0-9._:-]{1,128}$/;

/** Neither NUL nor half a surrogate pair: PostgreSQL stores no text that has one. */
const storable = /^[^\0\uD800-\uDFFF]*$/u;

/** A string of `least` to `most` characters. */
export const Text = (most: number, least = 1): PropertyDecorator =>
  all(
    IsString(),
    MinLength(least),
    MaxLength(most),
    Matches(storable),
    described('text without control character NUL'),
  );

export const Id = (): PropertyDecorator =>
  all(IsString(), Matches(idPattern), described('1 to 128 letters, digits, dots, underscores, colons or hyphens'));

/** A string of a form that `description` names. */
export const Formed = (pattern: RegExp, description: string): PropertyDecorator =>
  all(IsString(), Matches(pattern), described(description));

export const Email = (): PropertyDecorator => all(IsString(), MaxLength(254), keywords({ format: 'email' }));

/** An instant in ISO 8601, with its offset. */
export const Instant = (): PropertyDecorator => all(IsString(), keywords({ format: 'date-time' }));

/** An integer from `least` to `most`; never 0 where `isNonZero`. */
export const Integer = (least: number, most: number, { isNonZero = false } = {}): PropertyDecorator =>
  all(
    IsInt(),
    Min(least),
    Max(most),
    // Min and Max alone would make it any number.
    keywords({ type: 'integer', ...(isNonZero ? { not: { enum: [0] }, description: 'an integer other than 0' } : {}) }),
  );

export const OneOf = (values: readonly string[]): PropertyDecorator => IsIn([...values]);

/** A list of at most `most` objects of the class. */
export const ListOf = (item: Dto, most: number): PropertyDecorator =>
  all(ArrayMaxSize(most), keywords({ items: { $ref: `#/definitions/${item.name}` } }));

export const ListOfIds = (most: number): PropertyDecorator =>
  all(ArrayMaxSize(most), keywords({ items: { type: 'string', pattern: idPattern.source, description: 'an id' } }));

/** A list of at most `most` texts. */
export const ListOfTexts = (most: number): PropertyDecorator =>
  all(ArrayMaxSize(most), keywords({ items: { type: 'string' } }));

/** A list of some of `names`, each once. */
export const ListOfNames = (names: readonly string[]): PropertyDecorator =>
  all(ArrayMaxSize(names.length), keywords({ items: { type: 'string', enum: [...names] }, uniqueItems: true }));

/** An object of the class. */
export const One = (item: Dto): PropertyDecorator =>
  all(ValidateNested(), keywords({ $ref: `#/definitions/${item.name}` }));

/** A field of an answer that may be `null`, and is then: it goes above the decorators that say what it is otherwise. */
export const Nullable = (): PropertyDecorator => keywords({ 'x-nullable': true });

/** `true` or `false`. */
export const Bool = (): PropertyDecorator => IsBoolean();

/** Any number. */
export const Decimal = (): PropertyDecorator => IsNumber();

/** A position in the log, or what else has more digits than a JSON number keeps. */
export const Digits = (): PropertyDecorator => all(IsString(), keywords({ pattern: '^\\d{1,20}$' }));

/** An object with names that are not known before, each with a value of the schema. */
export const MapOf = (values: object): PropertyDecorator =>
  all(IsObject(), keywords({ type: 'object', additionalProperties: values }));

/** Shows in the API's description what a body or an answer of the class looks like. */
export const Example = (example: object): ClassDecorator => JSONSchema({ examples: [example] });

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

const described = (description: string) => keywords({ description });

type Keywords = Readonly<Record<string, unknown>>;

/** JSON Schema for a field, beside what its other decorators say: the library keeps only the latest of each field. */
const keywords =
  (more: Keywords): PropertyDecorator =>
  (target, property) => {
    const ofTarget = kept.get(target) ?? new Map<string | symbol, Keywords>();
    kept.set(target, ofTarget);
    const merged = { ...ofTarget.get(property), ...more };
    ofTarget.set(property, merged);
    (JSONSchema(merged) as PropertyDecorator)(target, property);
  };
const kept = new WeakMap<object, Map<string | symbol, Keywords>>();
