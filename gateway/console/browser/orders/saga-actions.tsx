import { useConsole } from '../console.js';
import { shortId } from '../format.js';
import { Action } from '../parts/action.js';
import { askSaga } from './order-api.js';

/** What staff may ask of a saga; the saga carries it out in a moment. */
export const SagaActions = ({ orderId }: Readonly<{ orderId: string }>) => {
  const { api } = useConsole();
  const of = `order ${shortId(orderId)}`;
  return (
    <div class="actions">
      <Action label="Retry" of={of} act={() => askSaga(api, orderId, 'retry')} done="It tries the step again." />
      <Action
        label="Skip"
        of={of}
        confirm="Give this step up and undo what was done?"
        act={() => askSaga(api, orderId, 'skip')}
        done="It goes back."
      />
      <Action
        label="Abort"
        of={of}
        confirm="Give the order up and undo what was done?"
        act={() => askSaga(api, orderId, 'abort')}
        done="It gives the order up."
      />
    </div>
  );
};
