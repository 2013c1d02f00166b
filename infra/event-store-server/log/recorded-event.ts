/** An event as it lies in the log. `created` is in milliseconds since 1970. */
export type RecordedEvent = Readonly<{
  position: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  isJson: boolean;
  created: number;
  metadata: Uint8Array;
  data: Uint8Array;
}>;

/** An event that a caller wants to append. */
export type ProposedEvent = Pick<RecordedEvent, 'id' | 'type' | 'isJson' | 'metadata' | 'data'>;

/** What EventStoreDB counts against its limit of one append. */
export const sizeOf = ({ type, metadata, data }: ProposedEvent): number =>
  metadata.length + data.length + 2 * type.length;
