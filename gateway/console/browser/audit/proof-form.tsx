import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { Answer } from '../parts/answer.js';
import { Json } from '../parts/json.js';
import { getProof } from './audit-api.js';
import { save } from './save.js';

/** The proof that an event is in the record. */
export const ProofForm = () => {
  const [position, setPosition] = useState<string | null>(null);
  const submit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPosition((new FormData(event.currentTarget).get('position') as string).trim());
  };
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">Proof of an event</h2>
      <form class="bar" onSubmit={submit}>
        <label>
          Position
          <input name="position" inputMode="numeric" pattern="\d+" required autocomplete="off" />
        </label>
        <button type="submit">Prove</button>
      </form>
      {position !== null && <Proof position={position} />}
    </section>
  );
};

const Proof = ({ position }: Readonly<{ position: string }>) => {
  const { api } = useConsole();
  const proof = useAnswer(position, () => getProof(api, position));
  const bytesOf = (answer: unknown) => new Blob([JSON.stringify(answer, null, 2)], { type: 'application/json' });
  return (
    <Answer of={proof} what="the proof">
      {(answer) => (
        <>
          <Json of={answer} />
          <button type="button" onClick={() => save(bytesOf(answer), `evermart-proof-${position}.json`)}>
            Save
          </button>
        </>
      )}
    </Answer>
  );
};
