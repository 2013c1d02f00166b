import { ApiProblem } from '../../../client/problem.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { inWords } from '../format.js';
import { OutsideLink } from '../navigation.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Mark } from '../parts/mark.js';
import { getSaga, type Saga } from './order-api.js';
import { SagaActions } from './saga-actions.js';

type SagaPanelProps = Readonly<{ orderId: string; changes: number }>;

/** The saga of an order, and what staff may ask of it. */
export const SagaPanel = ({ orderId, changes }: SagaPanelProps) => {
  const { api } = useConsole();
  const saga = useAnswer(orderId, () => getSaga(api, orderId), { changes });
  const hasNone = saga.problem instanceof ApiProblem && saga.problem.code === 'saga.not_found';
  return (
    <section aria-labelledby="saga">
      <h2 id="saga">Saga</h2>
      {hasNone ? (
        <p class="quiet">{saga.problem.message}.</p>
      ) : (
        <Answer of={saga} what="the saga">
          {(answer) => <SagaFacts saga={answer} orderId={orderId} />}
        </Answer>
      )}
    </section>
  );
};

const SagaFacts = ({ saga, orderId }: Readonly<{ saga: Saga; orderId: string }>) => {
  const { status, step, attempts, pendingCompensations, url } = saga;
  return (
    <>
      <Facts
        facts={[
          ['State', status === null ? 'not known' : <Mark is={status} />],
          ['Step', step === null ? 'not known' : inWords(step)],
          ['Attempts', attempts ?? 'not known'],
          ['To be undone', compensationsOf(pendingCompensations)],
          [
            'In Temporal',
            <OutsideLink to={url}>
              <code>{saga.workflowId}</code>
            </OutsideLink>,
          ],
        ]}
      />
      <SagaActions orderId={orderId} />
    </>
  );
};

const compensationsOf = (pending: Saga['pendingCompensations']): string => {
  if (pending === null) return 'not known';
  return pending.length === 0 ? 'nothing' : pending.map(inWords).join(', ');
};
