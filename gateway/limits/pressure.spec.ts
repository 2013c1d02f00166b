import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { createJudge, isUnderPressure } from './pressure.js';

const well = { delayMs: 5, heapUsed: 100, heapLimit: 400, memoryUsed: 150, memoryLimit: 1_000 };
const late = { ...well, delayMs: 300 };

it.each([
  [false, well],
  [true, late],
  [true, { ...well, heapUsed: 350 }],
  [true, { ...well, memoryUsed: 900 }],
])('a process is under pressure: %s', (isPressed, condition) => expect(isUnderPressure(condition)).toBe(isPressed));

it('says when pressure begins and when it ends', () => {
  const { log, lines } = createWritableLog();
  expect([well, late, late, well, well].map(createJudge(log))).toEqual([false, true, true, false, false]);
  expect(lines().map(({ msg }) => msg)).toEqual(['under pressure: less is done at once', 'under pressure no more']);
});
