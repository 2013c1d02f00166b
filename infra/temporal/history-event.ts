import type { WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** An event of a workflow's history, as Temporal's client gives it. */
export type HistoryEvent = NonNullable<History['events']>[number];

type Marker = NonNullable<HistoryEvent['markerRecordedEventAttributes']>;
export type Failure = NonNullable<Marker['failure']>;
type Payload = NonNullable<NonNullable<Marker['details']>[string]['payloads']>[number];
type Payloads = Readonly<{ payloads?: Payload[] | null }> | null | undefined;

/** The seconds are a number of 64 bits in protobuf, and a plain one in JSON. */
export type Timestamp = Readonly<{ seconds?: number | Long | null; nanos?: number | null }>;
type Long = Readonly<{ toNumber: () => number }>;

/** Since 1970, as fine as it is told. */
export const milliseconds = (time: Timestamp | null | undefined): number => {
  const seconds = time?.seconds ?? 0;
  return (typeof seconds === 'number' ? seconds : seconds.toNumber()) * 1_000 + (time?.nanos ?? 0) / 1e6;
};

export const timeOf = ({ eventTime }: HistoryEvent): number => milliseconds(eventTime);

/** The first value of what goes in or out; `null` also where it is not JSON. */
export const firstIn = (given: Payloads): unknown => valueOf(given?.payloads?.[0]);

export const summaryOf = ({ userMetadata }: HistoryEvent): string | null => {
  const summary = valueOf(userMetadata?.summary);
  return typeof summary === 'string' ? summary : null;
};

const valueOf = (payload: Payload | null | undefined): unknown =>
  payload?.data && textOf(payload.metadata?.['encoding']) === 'json/plain'
    ? (JSON.parse(textOf(payload.data)) as unknown)
    : null;

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
