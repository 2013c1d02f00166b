import { createRequire } from 'node:module';
import type { History } from '@temporalio/common/lib/proto-utils.js';

/** An event of a history in Temporal's JSON, as its command line and its UI write it. */
export type HistoryEvent = Readonly<Record<string, unknown>>;
export type HistoryJson = Readonly<{ events: readonly HistoryEvent[] }>;

/** @throws Error where it is no history. */
export const historyToJson = (history: History): HistoryJson =>
  json.toJson(type, type.fromObject(history)) as HistoryJson;

/** @throws Error where it is no history. */
export const historyFromJson = (history: HistoryJson): History =>
  json.fromJson(type, history, { ignoreUnknownFields: true }) as History;

type MessageType = Readonly<{ fromObject: (object: object) => object }>;
type ProtoJson = Readonly<{
  toJson: (type: MessageType, message: object) => unknown;
  fromJson: (type: MessageType, value: unknown, options: object) => unknown;
}>;
type Root = Readonly<{ lookupType: (name: string) => MessageType }>;

// The SDK's own functions for this refuse types of another copy of protobufjs, and npm installs one for each package.
const requireOfClient = createRequire(createRequire(import.meta.url).resolve('@temporalio/client'));
const messages = requireOfClient('@temporalio/proto') as object;
const requireOfMessages = createRequire(requireOfClient.resolve('@temporalio/proto'));
const json = requireOfMessages('protobufjs/ext/protojson') as ProtoJson;
const { patchProtobufRoot } = requireOfClient('@temporalio/proto/lib/patch-protobuf-root') as {
  patchProtobufRoot: (root: object) => Root;
};
const type = patchProtobufRoot(messages).lookupType('temporal.api.history.v1.History');
