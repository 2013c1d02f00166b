import type { ServerDuplexStream } from '@grpc/grpc-js';
import { countAppend, type Activity } from '../activity.js';
import type { ExpectedRevision } from '../rules/append-rules.js';
import { batchAnswer, type BatchOutcome } from './batch-answers.js';
import { readBatchOptions, readId, readProposedEvent, type BatchMessage } from './batch-message.js';
import { invalid, maxAppendSize, statusFor, stopping } from './errors.js';
import type { EventLog } from '../log/event-log.js';
import { sizeOf, type ProposedEvent } from '../log/recorded-event.js';
import { refuseUnusableName } from './wire.js';

/** Messages arrive read, answers leave encoded. */
export type BatchCall = ServerDuplexStream<BatchMessage, Buffer>;

/** One append of a batch stream, from its first message to its answer. */
type OpenAppend = {
  readonly correlationId: Buffer;
  identifier: Buffer;
  stream: string;
  expected: ExpectedRevision;
  deadline: number;
  timer: NodeJS.Timeout | undefined;
  events: ProposedEvent[];
  size: number;
  failure: BatchOutcome | undefined;
  isFinal: boolean;
};

/**
 * Serves `Streams/BatchAppend`: many appends, told apart by their correlation ids, over one stream. Each is answered
 * exactly once: the client has no timeout of its own, and an answer it does not expect would crash it.
 */
export const serveBatchAppend = (log: EventLog, activity: Activity, stop: AbortSignal) => (call: BatchCall) => {
  const open = new Map<string, OpenAppend>();
  let isEnded = false;

  const receive = (request: BatchMessage) => {
    if (stop.aborted) return;
    const id = readId(request.correlationId);
    const append = open.get(id) ?? begin(id, request);
    // A message of an append that was answered already: its deadline passed while it was on its way.
    if (!append || append.isFinal) return;
    collect(append, request.events);
    if (!request.isFinal) return;
    append.isFinal = true;
    clearTimeout(append.timer);
    void write(append).then((outcome) => settle(id, append, outcome));
  };

  const begin = (id: string, { correlationId, options, isFinal }: BatchMessage): OpenAppend | undefined => {
    if (!options) return undefined;
    const append = openAppend(correlationId, options);
    open.set(id, append);
    const left = append.deadline - Date.now();
    if (left < longestTimer && !isFinal)
      append.timer = setTimeout(() => settle(id, append, { type: 'timeout' }), Math.max(left, 0));
    return append;
  };

  const write = async (append: OpenAppend): Promise<BatchOutcome> => {
    if (append.failure) return append.failure;
    if (append.deadline <= Date.now()) return { type: 'timeout' };
    try {
      return await log.write((writes) => writes.append(append.stream, append.expected, append.events));
    } catch (error) {
      return { type: 'failed', error };
    }
  };

  const settle = (id: string, append: OpenAppend, outcome: BatchOutcome) => {
    open.delete(id);
    countAppend(activity, outcome.type === 'written', append.events.length);
    if (call.cancelled) return;
    // A caller that does not read its answers is not listened to until it does.
    call.write(batchAnswer(append, outcome));
    if (call.writableLength > mostUnread && !call.isPaused()) call.pause().once('drain', () => call.resume());
    endWhenDone();
  };

  const endWhenDone = () => {
    if (open.size > 0 || call.cancelled) return;
    if (stop.aborted) call.emit('error', stopping());
    else if (isEnded) call.end();
  };

  const abandon = () => {
    stop.removeEventListener('abort', stopListening);
    for (const { timer } of open.values()) clearTimeout(timer);
  };

  /** What is complete is committed and answered first; what is not can never be. */
  const stopListening = () => {
    call.pause();
    for (const [id, { isFinal, timer }] of open)
      if (!isFinal) {
        clearTimeout(timer);
        open.delete(id);
      }
    endWhenDone();
  };

  call.on('data', (request: BatchMessage) => {
    try {
      receive(request);
    } catch (error) {
      call.emit('error', statusFor(error));
    }
  });
  call.on('end', () => {
    isEnded = true;
    stop.removeEventListener('abort', stopListening);
    endWhenDone();
  });
  call.once('cancelled', abandon);
  stop.addEventListener('abort', stopListening, { once: true });
};

const mostUnread = 1_000;
/** The longest that Node's timers can wait. */
const longestTimer = 2 ** 31 - 1;

const openAppend = (correlationId: Buffer, options: Buffer): OpenAppend => {
  const append: OpenAppend = {
    correlationId,
    identifier: Buffer.alloc(0),
    stream: '',
    expected: 'any',
    deadline: Infinity,
    timer: undefined,
    events: [],
    size: 0,
    failure: undefined,
    isFinal: false,
  };
  try {
    const { identifier, stream, expected, deadline } = readBatchOptions(options);
    Object.assign(append, { identifier, stream, deadline });
    refuseUnusableName(stream);
    if (expected === undefined) throw invalid('The expected revision is missing');
    append.expected = expected;
  } catch (error) {
    fail(append, { type: 'failed', error });
  }
  return append;
};

const collect = (append: OpenAppend, events: readonly Buffer[]) => {
  for (const bytes of events) {
    if (append.failure) return;
    try {
      const event = readProposedEvent(bytes);
      append.size += sizeOf(event);
      append.events.push(event);
      if (append.size > maxAppendSize) fail(append, { type: 'too-large' });
    } catch (error) {
      fail(append, { type: 'failed', error });
    }
  }
};

const fail = (append: OpenAppend, failure: BatchOutcome) => {
  append.failure = failure;
  append.events = [];
};
