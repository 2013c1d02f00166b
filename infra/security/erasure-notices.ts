import { listenTo, type Listening } from '../postgres/listen.js';
import type { Postgres } from '../postgres/postgres.js';
import { erasureChannel, type ErasablePersonalKeys } from './personal-keys.js';

/**
 * Makes this process forget a person's key as soon as any process destroys it. While the connection that listens is
 * broken, keys are forgotten when their time in memory is over.
 */
export const followErasures = ({
  postgres,
  personalKeys,
}: Readonly<{ postgres: Postgres; personalKeys: Pick<ErasablePersonalKeys, 'forget'> }>): Listening =>
  listenTo(postgres, erasureChannel, {
    // What was told before nobody heard.
    onListening: () => personalKeys.forget(),
    onNotification: (subject) => personalKeys.forget(subject),
  });
