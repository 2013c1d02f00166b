import type { BuildChange, ProjectionQueries, ProjectionStatus } from '../../projections/runner/queries.js';
import { PageQuery, pageOf } from '../http/page-query.js';
import { route, type Route } from '../http/route.js';

export type AdminParts = Readonly<{ projections: ProjectionQueries }>;

const access = { roles: ['admin'] } as const;

/** What is done to keep the platform running: its views. */
export const adminRoutes = ({ projections }: AdminParts): readonly Route[] => {
  const changing = (change: BuildChange) =>
    route('POST', `/admin/projections/:name/${change}`, { access }, async ({ params: { name } }) => ({
      status: 202,
      body: shown(await projections.change(name, change)),
    }));

  return [
    route('GET', '/admin/projections', { access }, async () => ({
      status: 200,
      body: { items: (await projections.list()).map(shown), nextCursor: null },
    })),

    changing('rebuild'),
    changing('switch'),
    changing('rollback'),

    route('GET', '/admin/projections/:name/parked', { access, query: PageQuery }, async ({ params, query }) => ({
      status: 200,
      body: await projections.parked(params.name, pageOf(query).page),
    })),

    route('POST', '/admin/projections/:name/parked/:key/retry', { access }, async ({ params: { name, key } }) => {
      await projections.request(name, key, 'retry');
      return { status: 202, body: { key, request: 'retry' } };
    }),

    route('DELETE', '/admin/projections/:name/parked/:key', { access }, async ({ params: { name, key } }) => {
      await projections.request(name, key, 'discard');
      return { status: 202, body: { key, request: 'discard' } };
    }),
  ];
};

/** The numbers of builds are for whoever asks for a change. */
const shown = ({ builds: _, ...status }: ProjectionStatus) => status;
