import { Command } from 'commander';
import { packageVersion } from './installation.js';
import { runPlatform } from './run.js';

const variables = `
Environment:
  PORT, HOST            where the gateway listens (8080, 127.0.0.1)
  DATA_DIR              folder of all durable files, logs and processes.json (.data)
  ADMIN_EMAIL           email of the first account (admin@evermart.localhost)
  ADMIN_PASSWORD        its password; made and shown once where it is not set
  MASTER_KEY            64 hexadecimal digits; made and kept in DATA_DIR where it is not set
  EVERMART_CACHE_DIR    folder of downloaded and built engines (~/.cache/evermart)

An engine that one of these points to is used and not started:
  EVENTSTORE_URL, POSTGRES_URL, MONGODB_URL, TEMPORAL_ADDRESS (and TEMPORAL_UI_URL),
  OTEL_EXPORTER_OTLP_ENDPOINT (and JAEGER_QUERY_URL)

The README describes the other settings.`;

await new Command('evermart')
  .description('Starts the engines and the platform, watches them, and stops them on Ctrl-C.')
  .version(packageVersion)
  .addHelpText('after', variables)
  .action(() => runPlatform({ env: process.env }))
  .parseAsync();
