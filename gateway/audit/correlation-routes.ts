import { Id, Integer, ListOf, One } from '../http/fields.js';
import { route, type Plain, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { causationTree, type Caused } from './causation-tree.js';
import type { Correlations } from './correlations.js';
import { noSuchCorrelation } from './names.js';
import { StoredEventAnswer, storedEventAnswer } from './stored-event-answer.js';

export type CorrelationParts = Readonly<{ correlations: Correlations }>;

export class CausedEventAnswer {
  @One(StoredEventAnswer)
  event!: StoredEventAnswer;

  @ListOf(CausedEventAnswer, 10_000)
  causes!: CausedEventAnswer[];
}

export class CorrelationAnswer {
  @Id()
  correlationId!: string;

  @Integer(1, 10_000)
  events!: number;

  @ListOf(CausedEventAnswer, 10_000)
  roots!: CausedEventAnswer[];
}

/** What one request has led to. */
export const correlationRoutes = ({ correlations }: CorrelationParts): readonly Route[] => [
  route(
    'GET',
    '/audit/correlations/:id',
    {
      id: 'getCorrelation',
      summary: 'All events that one request has led to, each with those that it caused',
      access: auditors,
      answers: ok(CorrelationAnswer),
      refuses: ['audit.no_such_correlation', 'audit.too_many_events', 'audit.index_behind', 'audit.tampered'],
    },
    async ({ params: { id }, over }) => {
      const events = await correlations.eventsOf([id], over());
      if (events.length === 0) throw noSuchCorrelation();
      const roots = causationTree(events).map(causedAnswer);
      return { status: 200, body: { correlationId: id, events: events.length, roots } };
    },
  ),
];

const causedAnswer = ({ event, causes }: Caused): Plain<CausedEventAnswer> => ({
  event: storedEventAnswer(event),
  causes: causes.map(causedAnswer),
});
