import { uuidInAnyCase, uuidPattern } from './uuid.js';

const uuid = '3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11';

it.each([
  [uuid, true, true],
  [uuid.toUpperCase(), false, true],
  [`x${uuid}`, false, false],
  [`${uuid}0`, false, false],
  [uuid.replaceAll('-', ''), false, false],
  [`${uuid}\n`, false, false],
  ['', false, false],
])('takes %j for a UUID: %s, in any case: %s', (text, isOne, isOneInAnyCase) =>
  expect([uuidPattern.test(text), uuidInAnyCase.test(text)]).toEqual([isOne, isOneInAnyCase]),
);
