import 'reflect-metadata';
import { ArrayMaxSize, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
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

/** A list of some of `names`, each once. */
export const ListOfNames = (names: readonly string[]): PropertyDecorator =>
  all(ArrayMaxSize(names.length), keywords({ items: { type: 'string', enum: [...names] }, uniqueItems: true }));

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

const described = (description: string) => keywords({ description });
const keywords = (schema: Exclude<Parameters<typeof JSONSchema>[0], (...given: never[]) => unknown>) =>
  JSONSchema(schema) as PropertyDecorator;
