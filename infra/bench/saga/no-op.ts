import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import { connectTemporal, type Temporal } from '../../temporal/connection.js';
import { runWorker, type RunningWorker } from '../../temporal/worker.js';
import { offer } from '../projection/apart.js';
import { inFlight, type Flight } from './in-flight.js';
import type { Kind, NoOpInput, noOp } from './no-op-workflow.js';

/** A worker of workflows that do nothing, tuned as that of orders is, and whoever starts them, in one process. */
type Workshop = Readonly<{ temporal: Temporal; worker: RunningWorker }>;

const taskQueue = 'no-op';
const waiting = new Map<string, () => void>();
let workshop: Workshop | undefined;

const activities = {
  nothing: ({ workflowId, isLast }: NoOpInput) => {
    if (isLast) waiting.get(workflowId)?.();
    return Promise.resolve();
  },
};

/** Resolves once the worker takes tasks. */
const open = async ({ address }: Readonly<{ address: string }>): Promise<void> => {
  const temporal = connectTemporal(address);
  const folder = await mkdtemp(join(tmpdir(), 'evermart-no-op-'));
  const workflowBundlePath = join(folder, 'workflow-bundle.js');
  await writeFile(workflowBundlePath, await bundled());
  const log = pino({ level: 'silent' });
  const worker = runWorker({ address, taskQueue, workflowBundlePath, activities, tracing: false, log });
  await worker.ready;
  await rm(folder, { recursive: true });
  workshop = { temporal, worker };
};

/** With the interceptors that every workflow of ours has. */
const bundled = async (): Promise<string> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'no-op-workflow.js'),
    workflowInterceptorModules: [join(import.meta.dirname, '../../temporal/workflow-tracing.js')],
    logger: new DefaultLogger('WARN'),
  });
  return code;
};

type Running = Readonly<{ kind: Kind; activities: number; times: number; most: number }>;

/** Runs workflows, `most` at a time, each from before its start to the end of its last activity. */
const run = ({ kind, activities: count, times, most }: Running): Promise<Flight> => {
  if (!workshop) throw new Error('It is not open');
  const { workflow } = workshop.temporal.client;
  return inFlight(times, most, async () => {
    const workflowId = `no-op-${randomUUID()}`;
    const lastIsDone = new Promise<void>((resolve) => waiting.set(workflowId, resolve));
    await workflow.start<typeof noOp>('noOp', { workflowId, taskQueue, args: [workflowId, kind, count] });
    await lastIsDone;
    waiting.delete(workflowId);
  });
};

const close = async (): Promise<void> => {
  await workshop?.worker.stop();
  await workshop?.temporal.close();
};

const works = { open, run, close };
export type NoOps = typeof works;
offer(works);
