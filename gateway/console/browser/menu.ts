import { hasRole, type Who } from './who.js';
import type { PagePattern } from './pages.js';

/** A part of the console that the menu leads to. */
export type MenuEntry = Readonly<{ pattern: PagePattern; name: string; about: string; roles: readonly string[] }>;

const auditors = ['auditor', 'admin'];

const entries: readonly MenuEntry[] = [
  {
    pattern: '/console/orders',
    name: 'Orders',
    about: 'All orders as they change, each with its saga and its timeline.',
    roles: ['staff'],
  },
  {
    pattern: '/console/sagas',
    name: 'Sagas',
    about: 'Orders whose saga gave a step up and waits for somebody to say how it goes on.',
    roles: ['staff'],
  },
  {
    pattern: '/console/projections',
    name: 'Projections',
    about: 'How far each view has come, what it has parked, and building it anew.',
    roles: ['admin'],
  },
  {
    pattern: '/console/streams',
    name: 'Streams',
    about: 'What is stored: the events of a stream, its state at any revision, what changed between two.',
    roles: auditors,
  },
  {
    pattern: '/console/replays',
    name: 'Replays',
    about: 'A view as it was at a position or an instant, beside the one that serves.',
    roles: auditors,
  },
  {
    pattern: '/console/audit',
    name: 'Verification',
    about: 'Whether the record was touched since; proofs and signed exports of it.',
    roles: auditors,
  },
];

/** What somebody may use; the platform refuses the rest in any case. */
export const menuFor = (who: Who): readonly MenuEntry[] => entries.filter(({ roles }) => hasRole(who, ...roles));
