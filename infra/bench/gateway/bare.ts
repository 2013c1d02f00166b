import { createServer } from 'node:http';
import { headersOf, placed, type order } from './order.js';
import { listening, serve } from './serving.js';

/** The ceiling: Node's own server, which reads the same JSON and gives the same answer to whoever asks. */
serve(() =>
  listening(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const answer = placed(JSON.parse(Buffer.concat(chunks).toString()) as typeof order, 'somebody');
        const body = JSON.stringify(answer);
        const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        response.writeHead(201, { ...type, ...headersOf(answer.id) }).end(body);
      });
    }),
  ),
);
