import type { ProjectionQueries } from '../../projections/runner/queries.js';
import { PageQuery, pageOf } from '../http/page-query.js';
import { basePath, route, type Route } from '../http/route.js';
import { acceptedAt, noContent, ok } from '../http/success.js';
import { auditors } from './access.js';
import { ReplayAnswer, ReplayBody, ReplayedRowsAnswer, ReplaysAnswer } from './replay-answers.js';

export type ReplayParts = Readonly<{
  projections: Pick<ProjectionQueries, 'replay' | 'replays' | 'replayOf' | 'replayRows' | 'dropReplay'>;
}>;

/** Views as they were, built again aside. */
export const replayRoutes = ({ projections }: ReplayParts): readonly Route[] => [
  route(
    'POST',
    '/audit/replays',
    {
      id: 'beginReplay',
      summary: 'Builds a view aside as it was at a position or an instant',
      access: auditors,
      body: ReplayBody,
      answers: acceptedAt(ReplayAnswer),
      refuses: ['projection.not_found', 'projection.not_ready', 'audit.too_many_replays'],
    },
    async ({ body: { view, at } }) => {
      const replay = await projections.replay(view, at);
      return { status: 202, body: replay, headers: { location: `${basePath}/audit/replays/${replay.id}` } };
    },
  ),

  route(
    'GET',
    '/audit/replays',
    {
      id: 'listReplays',
      summary: 'The replays that are kept, newest first',
      access: auditors,
      answers: ok(ReplaysAnswer),
      refuses: ['projection.not_ready'],
    },
    async () => ({ status: 200, body: { items: await projections.replays(), nextCursor: null } }),
  ),

  route(
    'GET',
    '/audit/replays/:id',
    {
      id: 'getReplay',
      summary: 'A replay, with how far it has come and what came of it',
      access: auditors,
      answers: ok(ReplayAnswer),
      refuses: ['audit.no_replay', 'projection.not_ready'],
    },
    async ({ params: { id } }) => ({ status: 200, body: await projections.replayOf(id) }),
  ),

  route(
    'GET',
    '/audit/replays/:id/rows',
    {
      id: 'listReplayRows',
      summary: 'The rows of a replay that is done, by key',
      access: auditors,
      query: PageQuery,
      answers: ok(ReplayedRowsAnswer),
      refuses: ['audit.no_replay', 'audit.replay_running', 'projection.not_ready', 'request.invalid_cursor'],
    },
    async ({ params: { id }, query }) => ({
      status: 200,
      body: await projections.replayRows(id, pageOf(query).page),
    }),
  ),

  route(
    'DELETE',
    '/audit/replays/:id',
    {
      id: 'dropReplay',
      summary: 'Stops a replay where it runs, and removes it',
      access: auditors,
      answers: noContent,
      refuses: ['audit.no_replay', 'projection.not_ready'],
    },
    async ({ params: { id } }) => {
      await projections.dropReplay(id);
      return { status: 204 };
    },
  ),
];
