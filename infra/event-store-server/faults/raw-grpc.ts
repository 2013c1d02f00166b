import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';

/** One connection that speaks gRPC without a client library, so that it can speak it wrongly, too. */
export type RawConnection = Readonly<{
  session: ClientHttp2Session;
  /** Begins a call; its answer, if any, is nobody's concern. */
  begin: (path: string, headers?: OutgoingHttpHeaders) => ClientHttp2Stream;
  /** Makes a call and gives its `grpc-status`; undefined when there was none. */
  call: (path: string, body: Buffer, headers?: OutgoingHttpHeaders) => Promise<string | undefined>;
  destroy: () => void;
}>;

export const connectRaw = (port: number): RawConnection => {
  const session = connect(`http://127.0.0.1:${port}`);
  // What is said wrongly may well end the connection.
  session.on('error', () => undefined);

  const begin: RawConnection['begin'] = (path, headers = {}) => {
    const named = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    return session.request({ ...named, ...headers }).on('error', () => undefined);
  };

  const call: RawConnection['call'] = (path, body, headers) =>
    new Promise((resolve) => {
      let status: string | undefined;
      const note = (found: Readonly<Record<string, unknown>>) => {
        const { 'grpc-status': given } = found;
        if (typeof given === 'string') status = given;
      };
      begin(path, headers)
        .on('response', note)
        .on('trailers', note)
        .on('close', () => resolve(status))
        .resume()
        .end(body);
    });

  return { session, begin, call, destroy: () => session.destroy() };
};

/** A message as gRPC frames it: whether it is compressed, its length, and its bytes. */
export const framed = (message: Uint8Array, length = message.length, isCompressed = 0): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
};
