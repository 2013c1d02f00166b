import {
  ActivityCancellationType,
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from './activities.js';
import type { Origin, Outcome, Sending } from './delivery.js';
import { failureCodeOf } from './failure-code.js';

const oneTry = {
  startToCloseTimeout: '1m',
  // A try that is still under way may yet send: what came of it is to be known before it is recorded.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

const { sendNotification } = proxyActivities<Activities>({
  ...oneTry,
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
});

// Within the workflow task: a command is short and bears repeats.
const { recordSent, recordFailed } = proxyLocalActivities<Activities>({
  ...oneTry,
  retry: {
    initialInterval: '200ms',
    maximumInterval: '10s',
    nonRetryableErrorTypes: ['notification.not_found', 'notification.already_sent', 'command.invalid'],
  },
});

/** Sends a notification, again and again for a day where it must, and records what came of it. */
export async function notificationDelivery(origin: Origin): Promise<Outcome> {
  let sending: Sending;
  try {
    sending = await sendNotification(origin);
  } catch (failure) {
    const code = failureCodeOf(failure);
    if (code === undefined) throw failure;
    await CancellationScope.nonCancellable(() => recordFailed({ origin, code }));
    return { outcome: 'failed', code };
  }
  if (sending.outcome === 'nothing_to_do') return sending;
  const { reference } = sending;
  await CancellationScope.nonCancellable(() => recordSent({ origin, reference }));
  return sending;
}
