import { status } from '@grpc/grpc-js';
import type { OperatorService } from '@temporalio/client';
import { createWritableLog } from '../logging/testing/writable-log.js';
import { registerSearchAttributes } from './register-search-attributes.js';

const failing = (code: status) => Promise.reject(Object.assign(new Error('no'), { code }));
const all = { OrderId: 2, CustomerId: 2, SagaStatus: 2, SagaStep: 2, OrderTotal: 3 };

/** A Temporal that lists one answer after the other, the last again and again. */
const temporal = (listed: readonly (() => Promise<object>)[], add: () => Promise<object>) => {
  const answers = [...listed];
  const added: unknown[] = [];
  const list = () => (answers.length > 1 ? answers.shift() : answers[0])?.();
  const operatorService = {
    listSearchAttributes: list,
    addSearchAttributes: (request: Readonly<{ searchAttributes: object }>) => {
      added.push(request.searchAttributes);
      return add();
    },
  } as unknown as OperatorService;
  return { operatorService, added };
};
const having = (customAttributes: object) => () => Promise.resolve({ customAttributes });
const done = () => Promise.resolve({});
const { log, lines } = createWritableLog();

it('adds what is missing', async () => {
  const { OrderTotal, SagaStep, ...others } = all;
  const given = temporal([having(others)], done);
  await registerSearchAttributes(given, log);
  expect(given.added).toEqual([{ OrderTotal, SagaStep }]);
});

it('adds nothing where all are there', async () => {
  const given = temporal([having({ ...all, Other: 1 })], done);
  await registerSearchAttributes(given, log);
  expect(given.added).toEqual([]);
});

it('is content that another process was faster', async () => {
  const given = temporal([having({}), having(all)], () => failing(status.ALREADY_EXISTS));
  await expect(registerSearchAttributes(given, log)).resolves.toBeUndefined();
});

it.each([
  ['cannot be asked', temporal([() => failing(status.UNAVAILABLE)], done)],
  ['does not add them', temporal([having({})], () => failing(status.RESOURCE_EXHAUSTED))],
])('fails where Temporal %s, to be tried again', async (_what, given) => {
  await expect(registerSearchAttributes(given, log)).rejects.toThrow('no');
});

it('says once what is to be done where Temporal refuses, and lets work go on', async () => {
  const given = temporal([having({})], () => failing(status.PERMISSION_DENIED));
  await registerSearchAttributes(given, log);
  await registerSearchAttributes(given, log);
  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toMatchObject({ level: 50, wanted: expect.arrayContaining(['OrderTotal=INT']) as unknown });
  expect(lines()[0]?.['msg']).toContain('temporal operator search-attribute create');
});
