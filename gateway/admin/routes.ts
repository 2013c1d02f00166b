import type { BuildChange, ProjectionQueries, ProjectionStatus } from '../../projections/runner/queries.js';
import { PageQuery, pageOf } from '../http/page-query.js';
import { route, type Route } from '../http/route.js';
import { acceptedWith, ok } from '../http/success.js';
import { ParkedEventsAnswer, ParkedRequestAnswer, ProjectionAnswer, ProjectionsAnswer } from './answers.js';

export type AdminParts = Readonly<{ projections: ProjectionQueries }>;

const access = { roles: ['admin'] } as const;

const changes = {
  rebuild: 'Builds a view anew beside the one that serves',
  switch: 'Lets the build beside it serve',
  rollback: 'Lets the build that served before serve again',
} as const satisfies Partial<Record<BuildChange, string>>;

/** What is done to keep the platform running: its views. */
export const adminRoutes = ({ projections }: AdminParts): readonly Route[] => {
  const changing = (change: keyof typeof changes) =>
    route(
      'POST',
      `/admin/projections/:name/${change}`,
      {
        id: `${change}Projection`,
        summary: changes[change],
        access,
        answers: acceptedWith(ProjectionAnswer),
        refuses: ['projection.not_found', 'projection.not_ready'],
      },
      async ({ params: { name } }) => ({
        status: 202,
        body: shown(await projections.change(name, change)),
      }),
    );

  return [
    route(
      'GET',
      '/admin/projections',
      {
        id: 'listProjections',
        summary: 'The views, with how far they have come',
        access,
        answers: ok(ProjectionsAnswer),
      },
      async () => ({
        status: 200,
        body: { items: (await projections.list()).map(shown), nextCursor: null },
      }),
    ),

    changing('rebuild'),
    changing('switch'),
    changing('rollback'),

    route(
      'GET',
      '/admin/projections/:name/parked',
      {
        id: 'listParkedEvents',
        summary: 'Events that a view could not take',
        access,
        query: PageQuery,
        answers: ok(ParkedEventsAnswer),
        refuses: ['projection.not_found', 'request.invalid_cursor'],
      },
      async ({ params, query }) => ({
        status: 200,
        body: await projections.parked(params.name, pageOf(query).page),
      }),
    ),

    route(
      'POST',
      '/admin/projections/:name/parked/:key/retry',
      {
        id: 'retryParkedEvents',
        summary: 'Has the parked events of a key applied again',
        access,
        answers: acceptedWith(ParkedRequestAnswer),
        refuses: ['projection.not_found', 'projection.nothing_parked'],
      },
      async ({ params: { name, key } }) => {
        await projections.request(name, key, 'retry');
        return { status: 202, body: { key, request: 'retry' } };
      },
    ),

    route(
      'DELETE',
      '/admin/projections/:name/parked/:key',
      {
        id: 'discardParkedEvents',
        summary: 'Has the parked events of a key forgotten',
        access,
        answers: acceptedWith(ParkedRequestAnswer),
        refuses: ['projection.not_found', 'projection.nothing_parked'],
      },
      async ({ params: { name, key } }) => {
        await projections.request(name, key, 'discard');
        return { status: 202, body: { key, request: 'discard' } };
      },
    ),
  ];
};

/** The numbers of builds are for whoever asks for a change. */
const shown = ({ builds: _, ...status }: ProjectionStatus) => status;
