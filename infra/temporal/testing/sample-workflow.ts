import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow';

type Step = () => Promise<void>;
const { reserve } = proxyActivities<{ reserve: Step }>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '50ms' },
});
const { ship } = proxyLocalActivities<{ ship: Step }>({ startToCloseTimeout: '10s' });

/** Two activities, of which a signal parts the second, so that a worker begun in between replays the first. */
export const sample = async (): Promise<void> => {
  let isAllowed = false;
  setHandler(defineSignal('allow'), () => {
    isAllowed = true;
  });
  await reserve();
  await condition(() => isAllowed);
  await ship();
};
