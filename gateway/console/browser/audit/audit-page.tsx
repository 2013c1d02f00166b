import { useState } from 'preact/hooks';
import { ApiProblem } from '../../../client/problem.js';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount } from '../format.js';
import { Action } from '../parts/action.js';
import { Answer } from '../parts/answer.js';
import { Instant } from '../parts/instant.js';
import { Page } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { getCheckpoints, latestVerification, startVerification } from './audit-api.js';
import { ExportForm } from './export-form.js';
import { ProofForm } from './proof-form.js';
import { RunningVerification, VerificationFacts } from './verification.js';

/** Whether the record was touched, and what others can check of it. */
export const AuditPage = () => {
  const { api } = useConsole();
  const [running, setRunning] = useState<string | null>(null);
  const [ended, setEnded] = useState(0);
  const latest = useAnswer('latest', () => latestVerification(api), { changes: ended });
  const hasNone = latest.problem instanceof ApiProblem && latest.problem.code === 'audit.no_verification';
  const start = async () => setRunning((await startVerification(api)).id);
  return (
    <Page
      title="Verification"
      lead="Reads every event again and holds it against the log of hashes that was kept when it was stored."
    >
      <section aria-labelledby="verify">
        <h2 id="verify">The record</h2>
        <Action label="Verify now" act={start} done="Started." />
        {running !== null && (
          <RunningVerification key={running} id={running} onEnd={() => setEnded((count) => count + 1)} />
        )}
        <h3>Latest result</h3>
        {hasNone ? (
          <p class="quiet">Nothing was verified yet.</p>
        ) : (
          <Answer of={latest} what="the latest result">
            {(answer) => <VerificationFacts verification={answer} />}
          </Answer>
        )}
      </section>
      <ExportForm />
      <ProofForm />
      <Checkpoints key={ended} />
    </Page>
  );
};

const Checkpoints = () => {
  const { api } = useConsole();
  const checkpoints = useAnswer('checkpoints', () => getCheckpoints(api));
  return (
    <section aria-labelledby="checkpoints">
      <h2 id="checkpoints">Latest checkpoints</h2>
      <p class="quiet">Whoever keeps one can prove later that the log only grew since.</p>
      <Answer of={checkpoints} what="the checkpoints">
        {({ items, publicKey }) => (
          <>
            <Table caption="Checkpoints" columns={[{ name: 'Events', isNumber: true }, 'Signed', 'Note']}>
              {items.map(({ size, madeAt, checkpoint }) => (
                <tr key={size}>
                  <th scope="row" class="number">
                    {shownCount(size)}
                  </th>
                  <td>
                    <Instant at={madeAt} />
                  </td>
                  <td>
                    <details>
                      <summary>Show</summary>
                      <pre>{checkpoint}</pre>
                    </details>
                  </td>
                </tr>
              ))}
            </Table>
            {publicKey !== null && (
              <details>
                <summary>Public key</summary>
                <pre>{publicKey}</pre>
              </details>
            )}
          </>
        )}
      </Answer>
    </section>
  );
};
