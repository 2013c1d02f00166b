import { useAnswer } from '../asking.js';
import { useConsole } from '../console.js';
import { shownCount, shownDuration } from '../format.js';
import { Link } from '../navigation.js';
import { pathOf } from '../pages.js';
import { Action } from '../parts/action.js';
import { Answer } from '../parts/answer.js';
import { Mark } from '../parts/mark.js';
import { Page } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { BuildAside } from './build-aside.js';
import { changeProjection, listProjections, type BuildChange, type Projection } from './projection-api.js';

/** The views, with how far they have come and what may be done with them. */
export const ProjectionsPage = () => {
  const { api } = useConsole();
  const list = useAnswer('projections', () => listProjections(api), { everyMs: 2_000 });
  return (
    <Page title="Projections" lead="Each view as it stands; asked for again every two seconds.">
      <Answer of={list} what="the projections">
        {({ items }) => (
          <Table
            caption="Projections"
            columns={[
              'View',
              'State',
              number('Position'),
              number('Lag'),
              number('Parked keys'),
              'Beside it',
              'Actions',
            ]}
          >
            {items.map((projection) => (
              <Row key={projection.name} projection={projection} again={list.again} />
            ))}
          </Table>
        )}
      </Answer>
    </Page>
  );
};

const number = (name: string) => ({ name, isNumber: true }) as const;

const Row = ({ projection, again }: Readonly<{ projection: Projection; again: () => void }>) => {
  const { name, store, version, state, position, lagEvents, lagSeconds, parkedKeys, progress } = projection;
  return (
    <tr>
      <th scope="row">
        {name}
        <span class="quiet">
          {' '}
          v{version} · {store}
        </span>
      </th>
      <td>
        <Mark is={state} />
      </td>
      <td class="number">{position ?? '–'}</td>
      <td class="number">
        {lagEvents === 0 ? 'none' : `${shownCount(lagEvents)} · ${shownDuration(lagSeconds * 1_000)}`}
      </td>
      <td class="number">
        {parkedKeys === 0 ? 0 : <Link to={pathOf('/console/projections/:name', name)}>{shownCount(parkedKeys)}</Link>}
      </td>
      <td>{progress ? <BuildAside name={name} progress={progress} /> : <span class="quiet">nothing</span>}</td>
      <td>
        <Changes projection={projection} again={again} />
      </td>
    </tr>
  );
};

const Changes = ({ projection, again }: Readonly<{ projection: Projection; again: () => void }>) => {
  const { api } = useConsole();
  const { name, progress, canRollBack } = projection;
  const change = (which: BuildChange) => async () => {
    await changeProjection(api, name, which);
    again();
  };
  return (
    <div class="actions">
      <Action
        label="Rebuild"
        of={name}
        confirm="Build it anew beside the one that serves?"
        act={change('rebuild')}
        done="It is being built."
      />
      {progress?.isReady === true && (
        <Action label="Switch" of={name} act={change('switch')} done="The new build serves in a moment." />
      )}
      {canRollBack && (
        <Action
          label="Roll back"
          of={name}
          confirm="Let the build that served before serve again?"
          act={change('rollback')}
          done="The former build serves in a moment."
        />
      )}
    </div>
  );
};
