import { useEffect } from 'preact/hooks';
import { verificationFailures } from '../../../client/background-work.js';
import { searchOf } from '../api.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { inWords } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Answer } from '../parts/answer.js';
import { Facts } from '../parts/facts.js';
import { Instant } from '../parts/instant.js';
import { Mark } from '../parts/mark.js';
import { Progress } from '../parts/progress.js';
import { getVerification, type CompletedVerification, type FirstDifference, type Verification } from './audit-api.js';

type RunningProps = Readonly<{ id: string; onEnd: () => void }>;

/** A verification from its start to its end. */
export const RunningVerification = ({ id, onEnd }: RunningProps) => {
  const { api } = useConsole();
  const verification = useAnswer(id, () => getVerification(api, id), { everyMs: 'rarer', goesOn: isRunning });
  const { state = 'running' } = verification.answer ?? {};
  useEffect(() => {
    if (state !== 'running') onEnd();
  }, [state]);
  return (
    <Answer of={verification} what="its progress">
      {({ progress, failure }) => (
        <p role="status">
          Verification <Mark is={state} />{' '}
          {state === 'running' && <Progress label="Progress of the verification" {...progress} />}
          {failure !== undefined && verificationFailures[failure]}
        </p>
      )}
    </Answer>
  );
};

const isRunning = ({ state }: Verification) => state === 'running';

/** What came of a verification. */
export const VerificationFacts = ({ verification }: Readonly<{ verification: CompletedVerification }>) => {
  const { intact, through, checkpoint, firstDifference, completedAt } = verification;
  return (
    <>
      {intact ? (
        <p class="notice good">
          <Mark is="intact" /> Every event is as it was stored.
        </p>
      ) : (
        <p class="notice problem">
          <Mark is="changed" /> The record is not as it was stored.
        </p>
      )}
      <Facts
        facts={[
          ['Through position', through ?? 'nothing is stored yet'],
          ['Completed', <Instant at={completedAt} />],
        ]}
      />
      {firstDifference && <Difference of={firstDifference} />}
      {checkpoint !== null && (
        <details>
          <summary>Checkpoint</summary>
          <pre>{checkpoint}</pre>
        </details>
      )}
    </>
  );
};

const Difference = ({ of: { position, stream, revision, kind } }: Readonly<{ of: FirstDifference }>) => (
  <Facts
    facts={[
      ['First difference', inWords(kind)],
      ['At position', position],
      ['In stream', stream === null ? 'none' : <Place stream={stream} revision={revision} />],
    ]}
  />
);

const Place = ({ stream, revision }: Readonly<{ stream: string; revision: number | null }>) => (
  <>
    <Link to={pathOf('/console/streams/:stream', stream) + searchOf({ from: revision ?? undefined })}>{stream}</Link>
    {revision !== null && <> at revision {revision}</>}
  </>
);
