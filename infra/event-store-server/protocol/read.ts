import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Activity } from '../activity.js';
import { tombstoneRevision } from '../rules/append-rules.js';
import { notFoundAnswer, unlessRemoved, type Send } from './answers.js';
import { eventMessage } from './event-message.js';
import { openCursor } from './cursor.js';
import { statusFor, streamDeleted } from './errors.js';
import { resolvingAnswer } from './links.js';
import type { EventLog } from '../log/event-log.js';
import { parseReadRequest, type ReadRequest } from './read-request.js';
import { subscribe } from './subscription.js';

/** A `Read` call: the answers are encoded before they are written. */
export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;

/** Serves `Streams/Read`: reads and catch-up subscriptions, until `stopping` aborts. */
export const serveRead = (log: EventLog, activity: Activity, stopping: AbortSignal) => (call: ReadCall) =>
  void serve(log, activity, stopping, call);

const serve = async (log: EventLog, activity: Activity, stopping: AbortSignal, call: ReadCall) => {
  // Not AbortSignal.any: the signal of the server would remember every call for ever.
  const ended = new AbortController();
  const { signal } = ended;
  const abort = () => ended.abort();
  call.once('cancelled', abort);
  stopping.addEventListener('abort', abort, { once: true });
  if (stopping.aborted) abort();
  const send: Send = (answer) => {
    activity.answers += 1;
    if (answer.length > largestQueued) return sent(call, answer, signal);
    return call.write(answer) ? undefined : drained(call, signal);
  };
  try {
    const request = parseReadRequest(call.request);
    if (request.type === 'read') {
      activity.reads += 1;
      await read(log, request, send, signal);
    } else await counted(activity, () => subscribe(log, request, send, signal));
    call.end();
  } catch (error) {
    if (!call.cancelled) call.emit('error', statusFor(error));
  } finally {
    stopping.removeEventListener('abort', abort);
  }
};

const counted = async (activity: Activity, subscribed: () => Promise<void>) => {
  activity.liveSubscriptions += 1;
  try {
    await subscribed();
  } finally {
    activity.liveSubscriptions -= 1;
  }
};

/** The stream counts the answers that wait for a slow reader, not their bytes: of large ones one waits at a time. */
const largestQueued = 64 * 1024;

const sent = (call: ReadCall, answer: Buffer, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    const abandon = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abandon, { once: true });
    call.write(answer, () => {
      signal.removeEventListener('abort', abandon);
      resolve();
    });
  });

const drained = async (call: ReadCall, signal: AbortSignal) => {
  await once(call, 'drain', { signal });
};

type PlainRead = Extract<ReadRequest, { type: 'read' }>;

/** The events that are there at the beginning: what is appended meanwhile could keep the read from ever ending. */
const read = async (log: EventLog, request: PlainRead, send: Send, signal: AbortSignal) => {
  const { source, direction, filter, resolveLinks, maxCount } = request;
  if (source !== undefined && !isReadable(log, source)) return send(notFoundAnswer(source));
  const answer = unlessRemoved(resolveLinks ? resolvingAnswer(log.reads) : eventMessage);
  const next = openCursor(log.reads, { source, direction, from: startOf(request), filter });
  const head = log.head();
  let left = maxCount;
  while (left > 0) {
    const { passed, isLast } = next(left);
    for (const { position, event } of passed) {
      if (position > head || left === 0) return;
      if (!event) continue;
      left -= 1;
      const bytes = answer(event);
      const drained = bytes && send(bytes);
      if (drained) await drained;
    }
    if (isLast) return;
    await nextTurn(undefined, { signal });
  }
};

/** @throws CallError when the stream has a tombstone. */
const isReadable = (log: EventLog, name: string) => {
  const stream = log.stream(name);
  if (stream.last === tombstoneRevision) throw streamDeleted(name);
  return stream.last >= 0 && !stream.isSoftDeleted;
};

const startOf = ({ start }: PlainRead) => {
  if (start === 'start') return 0;
  return start === 'end' ? Number.MAX_SAFE_INTEGER : start;
};
