import type { DomainError } from '../../domains/shared/errors.js';
import { describedApi } from '../openapi/described-api.js';
import type { Dto } from './route.js';
import { createValidators, dtoSchemas } from './validation.js';

// Loads every DTO of the API.
describedApi();
const { body, query } = createValidators();
const classes = Object.keys(dtoSchemas());

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** Parsed, as bodies are: in an object literal `__proto__` would be no field. */
const hostile = names.map((name) => JSON.parse(`{"${name}": {"isAdmin": true}}`) as unknown);

it.each(classes)('no field of an object that all objects have is taken by %s', (dto) => {
  for (const validate of [body({ name: dto } as Dto), query({ name: dto } as Dto)]) {
    const refusals = hostile.map((value) => refusalOf(() => validate(value)));
    expect(refusals).toEqual(
      names.map((name) => ({
        code: 'request.invalid',
        errors: expect.arrayContaining([{ pointer: `/${name}`, detail: 'is not known here' }]) as unknown,
      })),
    );
  }
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

const refusalOf = (validate: () => unknown) => {
  try {
    return validate();
  } catch (error) {
    const { code, errors } = error as DomainError;
    return { code, errors };
  }
};
