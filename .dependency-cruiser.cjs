/** The table of rooms (docs/architecture.md) as a gate: what each folder may import, and no cycles. */
const test = '\\.(spec|int|e2e)\\.ts$';
/** What tests are set up with: a composition root of theirs may reach any room, as main.ts may. */
const testing = '^(gateway|workflows|projections)/.*testing/';
const main = '(^|/)main\\.ts$';
const rooms = '^(domains|projections|workflows|gateway|infra)/';

/** Files under `from` may reach, among the project's own files, only `to`. */
const room = (name, from, to, also = {}) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: [test, testing, main, ...(also.fromNot ?? [])] },
  to: { path: rooms, pathNot: to },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'domains-import-nothing',
      comment: 'Deciders are pure: no package but persistent maps, no Node built-in, no other room.',
      severity: 'error',
      from: { path: '^domains/', pathNot: [main, test, '/testing/'] },
      to: { pathNot: ['^domains/', 'node_modules/immutable'] },
    },
    room('domains-shared-imports-nothing', '^domains/shared/', ['^domains/shared/']),
    room('a-context-imports-no-other', '^domains/([^/]+)/', ['^domains/$1/', '^domains/shared/']),
    room('views-import-events-and-infra', '^projections/(?!shared/|runner/)([^/]+)/', [
      '^projections/$1/',
      '^projections/shared/',
      '^domains/[^/]+/events\\.ts$',
      '^domains/shared/',
      '^infra/',
    ]),
    room('the-runner-knows-no-view', '^projections/(shared|runner)/', [
      '^projections/(shared|runner)/',
      '^domains/shared/',
      '^infra/',
    ]),
    room('processes-import-commands-and-events', '^workflows/([^/]+)/', [
      '^workflows/$1/',
      '^domains/[^/]+/(commands|events)\\.ts$',
      '^domains/shared/',
      '^infra/',
    ]),
    {
      name: 'workflow-code-is-deterministic',
      severity: 'error',
      from: { path: '^workflows/[^/]+/workflow\\.ts$' },
      to: { path: ['^infra/', '^node:'], dependencyTypesNot: ['type-only'] },
    },
    room('the-gateway-imports-commands-and-queries', '^gateway/', [
      '^gateway/',
      '^domains/[^/]+/commands\\.ts$',
      '^domains/shared/',
      '^projections/[^/]+/queries\\.ts$',
      '^infra/',
    ]),
    {
      name: 'the-client-runs-in-browsers',
      severity: 'error',
      from: {
        path: '^gateway/client/(background-work|evermart|pause|problem|sending|server-sent-events|session|written)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-console-is-a-client-in-browsers',
      severity: 'error',
      from: { path: '^gateway/console/browser/', pathNot: test },
      to: {
        pathNot: [
          '^gateway/console/browser/',
          '^gateway/client/(api-types|background-work|pause|problem|sending|server-sent-events|session|written)\\.ts$',
          'node_modules/(preact|eventsource-parser)/',
        ],
      },
    },
    {
      name: 'the-off-line-check-stands-alone',
      comment:
        'Whoever checks a bundle has its files, Node and what reads a tar, and reads no more of our code than this.',
      severity: 'error',
      from: { path: '^infra/audit-log/offline/', pathNot: test },
      to: {
        pathNot: [
          '^infra/audit-log/(offline/|export/bundle-format\\.ts$|checkpoint\\.ts$|merkle-(tree|proofs)\\.ts$)',
          'node_modules/(@types/)?tar-stream/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    room('infra-knows-no-context', '^infra/', ['^infra/', '^domains/shared/']),
    room('the-event-store-imports-nothing-of-ours', '^infra/event-store-server/', ['^infra/event-store-server/']),
    room('the-rules-of-the-event-store-are-pure', '^infra/event-store-server/rules/', [
      '^infra/event-store-server/rules/',
    ]),
    {
      name: 'the-log-of-the-event-store-knows-no-protocol',
      severity: 'error',
      from: { path: '^infra/event-store-server/log/', pathNot: [test, '/model/'] },
      to: { path: ['^infra/event-store-server/protocol/', 'node_modules/@(eventstore|grpc)'] },
    },
    {
      name: 'only-the-log-of-the-event-store-knows-sql',
      severity: 'error',
      from: { path: '^infra/event-store-server/', pathNot: [test, '^infra/event-store-server/log/'] },
      to: { path: 'node_modules/libsql' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { pathNot: [test, '/testing/'] },
      to: { path: [test, '/testing/'] },
    },
    {
      name: 'only-main-uses-the-container',
      severity: 'error',
      from: { pathNot: main },
      to: { path: 'node_modules/inversify' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
