import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that takes traces by OTLP and keeps none. */
export type SpanSink = Readonly<{
  url: string;
  /** How many spans of the route have come. */
  spans: () => number;
  stop: () => void;
}>;

export const startSpanSink = async (): Promise<SpanSink> => {
  let spans = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      spans += timesIn(Buffer.concat(chunks));
      response.writeHead(200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    stop: () => server.close().closeAllConnections(),
  };
};

/** Protobuf keeps texts as they are, and each span has its name once. */
const timesIn = (exported: Buffer): number => {
  let times = 0;
  for (let at = exported.indexOf(name); at >= 0; at = exported.indexOf(name, at + name.length)) times += 1;
  return times;
};
const name = 'POST /api/v1/orders';
