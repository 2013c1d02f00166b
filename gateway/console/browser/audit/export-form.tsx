import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { exportBundle, type ExportOf } from './audit-api.js';
import { save } from './save.js';

type Kind = 'stream' | 'correlation' | 'period';

/** Exports a part of the record as a signed bundle that can be checked without the platform. */
export const ExportForm = () => {
  const { api } = useConsole();
  const [kind, setKind] = useState<Kind>('stream');
  const [state, setState] = useState<'idle' | 'exporting' | 'saved'>('idle');
  const [problem, setProblem] = useState<unknown>();
  const submit = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const of = exportOf(kind, new FormData(event.currentTarget));
    setState('exporting');
    setProblem(undefined);
    try {
      save(await exportBundle(api, of), `evermart-${kind}.tar.gz`);
      setState('saved');
    } catch (error) {
      setProblem(error);
      setState('idle');
    }
  };
  return (
    <section aria-labelledby="export">
      <h2 id="export">Export</h2>
      <form class="bar" onSubmit={(event) => void submit(event)}>
        <label>
          What
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as Kind)}>
            <option value="stream">a stream</option>
            <option value="correlation">a correlation</option>
            <option value="period">a period</option>
          </select>
        </label>
        {kind === 'stream' && <Field name="stream" label="Stream" hint="order-…" />}
        {kind === 'correlation' && <Field name="correlationId" label="Correlation" />}
        {kind === 'period' && <Field name="from" label="From" hint="2026-01-31T00:00:00Z" />}
        {kind === 'period' && <Field name="to" label="To" hint="2026-02-01T00:00:00Z" />}
        <button type="submit" disabled={state === 'exporting'}>
          Export
        </button>
        <span class="quiet" role="status">
          {state === 'exporting' && 'Exporting …'}
          {state === 'saved' && 'Saved as a signed bundle.'}
        </span>
        <ProblemNotice problem={problem} />
      </form>
    </section>
  );
};

const Field = ({ name, label, hint = '' }: Readonly<{ name: string; label: string; hint?: string }>) => (
  <label>
    {label}
    <input key={name} name={name} placeholder={hint} required spellcheck={false} autocomplete="off" size={24} />
  </label>
);

const exportOf = (kind: Kind, fields: FormData): ExportOf => {
  const given = (name: string) => (fields.get(name) as string).trim();
  switch (kind) {
    case 'stream':
      return { stream: given('stream') };
    case 'correlation':
      return { correlationId: given('correlationId') };
    case 'period':
      return { from: given('from'), to: given('to') };
  }
};
