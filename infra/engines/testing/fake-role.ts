import { createServer } from 'node:http';
import { endWithParent } from '../../process/end-with-parent.js';

/** Stands in for a role: ready at once, tells its environment at `/environment`, ends on SIGTERM unless STUBBORN is set. */
export const serveFakeRole = (port: string | undefined): void => {
  const server = createServer((request, response) => {
    response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ready');
  });
  server.listen(Number(port), '127.0.0.1');
  process.on('SIGTERM', () => process.env.STUBBORN ?? process.exit(0));
  endWithParent();
};
