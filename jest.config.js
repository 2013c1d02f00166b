/** Three kinds of test, one runner: `.spec.ts` is pure, `.int.ts` uses one real engine, `.e2e.ts` the whole platform. */
export default {
  testEnvironment: 'node',
  roots: ['domains', 'projections', 'gateway', 'workflows', 'infra'].map((room) => `<rootDir>/${room}`),
  testMatch: ['**/*.(spec|int|e2e).ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 120_000,
  // The engines share two cores with what they are asked: one file at a time.
  maxWorkers: 1,
  // ES modules of a file that is done stay in memory: what follows in the same process becomes slower and slower.
  workerIdleMemoryLimit: '512MB',
};
