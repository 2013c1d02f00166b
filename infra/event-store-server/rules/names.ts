/** EventStoreDB has no limit of its own; names travel in trailers and are kept in memory. In bytes of UTF-8. */
export const mostNameBytes = 8_192;

/** Whether it is too long for the name of a stream or of a type of events. */
export const isTooLong = (name: string): boolean => Buffer.byteLength(name) > mostNameBytes;
