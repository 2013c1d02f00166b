import type { ComponentType } from 'preact';
import { AuditPage } from './audit/audit-page.js';
import { Home } from './home.js';
import { useAddress } from './navigation.js';
import { OrderListPage } from './orders/order-list-page.js';
import { OrderPage } from './orders/order-page.js';
import { pageAt, type PagePattern } from './pages.js';
import { Page } from './parts/page.js';
import { ParkedPage } from './projections/parked-page.js';
import { ProjectionsPage } from './projections/projections-page.js';
import { ReplayPage } from './replays/replay-page.js';
import { ReplaysPage } from './replays/replays-page.js';
import { SagasPage } from './sagas/sagas-page.js';
import { CorrelationPage } from './streams/correlation-page.js';
import { StreamPage } from './streams/stream-page.js';
import { StreamsPage } from './streams/streams-page.js';
import type { Who } from './who.js';

type PageProps = Readonly<{ named: string }>;

const pages: Readonly<Record<Exclude<PagePattern, '/console'>, ComponentType<PageProps>>> = {
  '/console/orders': OrderListPage,
  '/console/orders/:id': OrderPage,
  '/console/sagas': SagasPage,
  '/console/projections': ProjectionsPage,
  '/console/projections/:name': ParkedPage,
  '/console/streams': StreamsPage,
  '/console/streams/:stream': StreamPage,
  '/console/correlations/:id': CorrelationPage,
  '/console/replays': ReplaysPage,
  '/console/replays/:id': ReplayPage,
  '/console/audit': AuditPage,
};

/** The page at the address as it stands. */
export const PageOf = ({ who }: Readonly<{ who: Who }>) => {
  const page = pageAt(useAddress().pathname);
  if (page === null)
    return (
      <Page title="There is no such page">
        <p>The menu leads to those that there are.</p>
      </Page>
    );
  if (page.pattern === '/console') return <Home who={who} />;
  const Shown = pages[page.pattern];
  return <Shown key={page.pattern + page.named} named={page.named} />;
};
