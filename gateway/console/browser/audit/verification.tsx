import { useEffect } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { inWords } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Instant } from '../parts/instant.js';
import { Json } from '../parts/json.js';
import { Mark } from '../parts/mark.js';
import { Progress } from '../parts/progress.js';
import { getVerification, type FirstDifference, type Verification } from './audit-api.js';

type RunningProps = Readonly<{ id: string; onEnd: () => void }>;

/** A verification from its start to its end. */
export const RunningVerification = ({ id, onEnd }: RunningProps) => {
  const { api } = useConsole();
  const verification = useAnswer(id, () => getVerification(api, id), { everyMs: 500 });
  const { state = 'running' } = verification.answer ?? {};
  useEffect(() => {
    if (state !== 'running') onEnd();
  }, [state]);
  return (
    <Answer of={verification} what="its progress">
      {({ progress }) => (
        <p role="status">
          Verification <Mark is={state} /> {progress && <Progress label="Progress of the verification" {...progress} />}
        </p>
      )}
    </Answer>
  );
};

/** What came of a verification. */
export const VerificationFacts = ({ verification }: Readonly<{ verification: Verification }>) => {
  const { intact, through, checkpoint, firstDifference, completedAt } = verification;
  return (
    <>
      <Verdict intact={intact} />
      <Facts
        facts={[
          ['Through position', through ?? 'not known'],
          ['Completed', completedAt === undefined ? 'not known' : <Instant at={completedAt} />],
        ]}
      />
      {firstDifference && <Difference of={firstDifference} />}
      {checkpoint !== undefined && (
        <details>
          <summary>Checkpoint</summary>
          <Json of={checkpoint} />
        </details>
      )}
    </>
  );
};

const Verdict = ({ intact }: Readonly<{ intact: boolean | undefined }>) => {
  if (intact === undefined)
    return <p class="notice warn">It is not known whether the record is intact: verify again.</p>;
  return intact ? (
    <p class="notice good">
      <Mark is="intact" /> Every event is as it was stored.
    </p>
  ) : (
    <p class="notice problem">
      <Mark is="changed" /> The record is not as it was stored.
    </p>
  );
};

const Difference = ({ of: { position, stream, revision, kind } }: Readonly<{ of: FirstDifference }>) => (
  <Facts
    facts={[
      ['First difference', inWords(kind)],
      ['At position', position],
      [
        'In stream',
        <>
          <Link to={`${pathOf('/console/streams/:stream', stream)}?from=${revision}`}>{stream}</Link> at revision{' '}
          {revision}
        </>,
      ],
    ]}
  />
);
