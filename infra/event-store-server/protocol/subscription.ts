import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  caughtUpAnswer,
  checkpointAnswer,
  confirmationAnswer,
  fellBehindAnswer,
  sharedEventAnswer,
  unlessRemoved,
  type Send,
} from './answers.js';
import { tombstoneRevision } from '../rules/append-rules.js';
import { openCursor } from './cursor.js';
import { eventMessage } from './event-message.js';
import { streamDeleted } from './errors.js';
import { resolvingAnswer } from './links.js';
import type { EventLog } from '../log/event-log.js';
import type { ReadRequest } from './read-request.js';

type Subscription = Extract<ReadRequest, { type: 'subscription' }>;

/**
 * Serves one catch-up subscription until the signal aborts. It is a cursor over the log that goes as fast as its
 * reader and waits at the head: there is no live buffer that could overflow, lose or repeat.
 *
 * @throws CallError when the stream has a tombstone. @throws AbortError when the signal aborts.
 */
export const subscribe = async (log: EventLog, request: Subscription, send: Send, signal: AbortSignal) => {
  const { source, filter, resolveLinks, checkpointInterval } = request;
  const { from, position } = startOf(log, request);
  const next = openCursor(log.reads, { source, direction: 'forwards', from, filter });
  const checkpoint = checkpoints(send);
  let considered = 0;
  let passed = position;
  let isLive = false;

  refuseTombstone(log, source);
  await send(confirmationAnswer(randomUUID()));
  for (;;) {
    refuseTombstone(log, source);
    const head = log.head();
    const page = next();
    if (isLive && !page.isLast) {
      isLive = false;
      await send(fellBehindAnswer());
    }
    const encode = resolveLinks ? resolvingAnswer(log.reads) : page.isLast ? sharedEventAnswer : eventMessage;
    const answer = unlessRemoved(encode);
    for (const { position: at, event } of page.passed) {
      const bytes = event && answer(event);
      const drained = bytes && send(bytes);
      if (drained) await drained;
      passed = at;
      considered += 1;
      if (considered < checkpointInterval) continue;
      considered = 0;
      await checkpoint(passed);
    }
    if (!page.isLast) {
      await nextTurn(undefined, { signal });
      continue;
    }
    passed = Math.max(passed, head);
    if (!isLive) {
      isLive = true;
      if (filter) await checkpoint(passed);
      await send(caughtUpAnswer());
    }
    await log.passed(passed, signal);
  }
};

/** The first revision or position to read, and the position of $all that needs no more reading. */
const startOf = (log: EventLog, { source, start }: Subscription) => {
  if (source === undefined) {
    const position = start === 'start' ? 0 : start === 'end' ? log.head() : start;
    return { from: position + 1, position };
  }
  if (start === 'start') return { from: 0, position: 0 };
  return { from: (start === 'end' ? log.stream(source).last : start) + 1, position: 0 };
};

/** Sends a checkpoint unless one of that position was sent: clients count on them to rise. */
const checkpoints = (send: Send) => {
  let last = -1;
  return async (position: number) => {
    if (position <= last) return;
    last = position;
    await send(checkpointAnswer(position));
  };
};

const refuseTombstone = (log: EventLog, source: string | undefined) => {
  if (source !== undefined && log.stream(source).last === tombstoneRevision) throw streamDeleted(source);
};
