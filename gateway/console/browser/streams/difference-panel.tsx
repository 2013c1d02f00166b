import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { Answer } from '../parts/answer.js';
import { Table } from '../parts/table.js';
import { differenceOf } from './stream-api.js';

type Asked = Readonly<{ fromRevision: string; toRevision: string }>;

/** What changed in the state of a stream between two revisions. @param last up to which is compared unless another is given. */
export const DifferencePanel = ({ stream, last }: Readonly<{ stream: string; last: number }>) => {
  const [asked, setAsked] = useState<Asked | null>(null);
  const compare = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const revision = (name: string) => fields.get(name) as string;
    setAsked({ fromRevision: revision('from'), toRevision: revision('to') });
  };
  return (
    <section aria-labelledby="difference">
      <h2 id="difference">Difference of two revisions</h2>
      <form class="bar" onSubmit={compare}>
        <label>
          From revision
          <input name="from" type="number" min="0" defaultValue="0" required />
        </label>
        <label>
          To revision
          <input name="to" type="number" min="0" defaultValue={last} required />
        </label>
        <button type="submit">Compare</button>
      </form>
      {asked && <Changes stream={stream} asked={asked} />}
    </section>
  );
};

const Changes = ({ stream, asked }: Readonly<{ stream: string; asked: Asked }>) => {
  const { api } = useConsole();
  const subject = `${asked.fromRevision} ${asked.toRevision}`;
  const difference = useAnswer(subject, () => differenceOf(api, stream, asked));
  return (
    <Answer of={difference} what="the difference">
      {({ changes }) =>
        changes.length === 0 ? (
          <p role="status">The two states are the same.</p>
        ) : (
          <Table caption="What changed" columns={['Where', 'Before', 'After']}>
            {changes.map(({ path, ...values }) => (
              <tr key={path}>
                <th scope="row">
                  <code>{path === '' ? 'the whole' : path}</code>
                </th>
                <Value of={values.before} />
                <Value of={values.after} />
              </tr>
            ))}
          </Table>
        )
      }
    </Answer>
  );
};

const Value = ({ of }: Readonly<{ of: unknown }>) => (
  <td class="wrapping">
    {of === undefined ? <span class="quiet">not there</span> : <code>{JSON.stringify(of)}</code>}
  </td>
);
