const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  roots: ['domains', 'projections', 'gateway', 'workflows', 'infra'].map((room) => `<rootDir>/${room}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  ...more,
});

/** Three kinds of test, one runner: `.spec.ts` is pure, `.int.ts` uses one real engine, `.e2e.ts` the whole platform. */
export default {
  projects: [
    project('pure', ['**/*.spec.ts']),
    project('engines', ['**/*.(int|e2e).ts'], { runner: '<rootDir>/infra/build/one-file-at-a-time.js' }),
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
  // ES modules of a file that is done stay in memory: what follows in the same process becomes slower and slower.
  workerIdleMemoryLimit: '512MB',
};
