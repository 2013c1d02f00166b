import { InvalidArgumentError, program } from 'commander';
import { startServer } from './server.js';

const port = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return value;
};

const options = program
  .name('event-store-server')
  .description("An event store in one file that speaks EventStoreDB's gRPC protocol.")
  .requiredOption('--db <file>', 'database file; it is made when it is not there')
  .option('--port <n>', 'port to listen on; 0 takes a free one', port, 2113)
  .option('--host <address>', 'loopback address to listen on', '127.0.0.1')
  .parse()
  .opts<{ db: string; port: number; host: string }>();

try {
  const server = await startServer({ file: options.db, host: options.host, port: options.port });
  process.stdout.write(`event store ready on ${server.url}\n`);
  const stop = () => {
    void server.stop().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
} catch (error) {
  fail(error);
}

function fail(error: unknown) {
  process.stderr.write(`event store: ${error instanceof Error ? error.message : 'it failed'}\n`);
  process.exit(1);
}
