import { isIP } from 'node:net';
import { cleanEnv, makeValidator, port, str, url, EnvError } from 'envalid';

const list = makeValidator<readonly string[]>((input) =>
  input
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const origins = makeValidator<readonly string[]>((input) => {
  const given = input.split(',').map((item) => item.trim());
  const wrong = given.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (input !== '' && wrong !== undefined)
    throw new EnvError('must be origins such as https://shop.example, without a path, separated by commas');
  return input === '' ? [] : given;
});

const networks = makeValidator<readonly string[]>((input) => {
  const given = input.split(',').map((item) => item.trim());
  if (input !== '' && !given.every(isNetwork))
    throw new EnvError('must be addresses or networks such as 10.0.0.0/8, separated by commas');
  return input === '' ? [] : given;
});

/** CIDR (RFC 4632), or an address by itself. */
const isNetwork = (item: string): boolean => {
  const [address = '', bits, ...more] = item.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return most > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
};

const email = makeValidator<string>((input) => {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input)) throw new EnvError('must be an email address');
  return input;
});

const seconds = makeValidator<number>((input) => {
  const value = Number(input);
  if (!/^\d+$/.test(input) || value > 86_400) throw new EnvError('must be a whole number of seconds, at most 86400');
  return value;
});

const rate = makeValidator<number>((input) => {
  const value = Number(input);
  if (!/^\d+(\.\d+)?$/.test(input) || value < 1 || value > 1e9) throw new EnvError('must be a number from 1 to 1e9');
  return value;
});

const redisUrl = makeValidator<string>((input) => {
  if (!/^rediss?:\/\/./.test(input)) throw new EnvError('must be a redis:// or rediss:// address');
  return input;
});

const hexKey = makeValidator<string>((input) => {
  if (!/^[0-9a-f]{64}$/i.test(input)) throw new EnvError('must be 64 hexadecimal digits (32 bytes)');
  return input.toLowerCase();
});

const portOrFree = makeValidator<number>((input) => {
  if (!/^\d{1,5}$/.test(input) || Number(input) > 65_535) throw new EnvError('must be a port, or 0 for a free one');
  return Number(input);
});

const secret = makeValidator<string>((input) => {
  if (input.length < 16) throw new EnvError('must have at least 16 characters (openssl rand -hex 32 makes them)');
  return input;
});

const smtpUrl = makeValidator<string>((input) => {
  if (!/^smtps?:\/\/./.test(input)) throw new EnvError('must be an smtp:// or smtps:// address');
  return input;
});

/** Every setting of every process, with its default. README describes those that a person may want to change. */
const settings = {
  PORT: port({ default: 8080, desc: 'Port of the public HTTP API' }),
  HOST: str({ default: '127.0.0.1', desc: 'Address the public HTTP API listens on' }),
  CORS_ORIGINS: origins({ default: [], desc: 'Origins whose pages may use the API from browsers' }),
  TRUSTED_PROXIES: networks({ default: [], desc: 'Proxies whose X-Forwarded-For tells who a client is' }),
  METRICS_TOKEN: secret({ default: undefined, desc: 'Whoever reads /metrics of the gateway has to show it' }),
  DATA_DIR: str({ default: '.data', desc: 'Folder of all durable files' }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    desc: 'Least severe level that is logged',
  }),
  ADMIN_EMAIL: email({ default: 'admin@evermart.localhost', desc: 'Email of the first account' }),
  ADMIN_PASSWORD: str({ default: undefined, desc: 'Password of the first account' }),
  EVERMART_EMAIL: email({ default: undefined, desc: 'Account in whose name npm run audit reads' }),
  EVERMART_PASSWORD: str({ default: undefined, desc: 'Password of that account' }),
  MASTER_KEY: hexKey({ default: undefined, desc: 'Key that wraps all other keys' }),
  EVENTSTORE_URL: str({ default: 'esdb://127.0.0.1:2113?tls=false', desc: 'Connection string of EventStoreDB' }),
  POSTGRES_URL: str({ default: 'postgresql://127.0.0.1:5432/evermart', desc: 'Connection string of PostgreSQL' }),
  MONGODB_URL: str({ default: 'mongodb://127.0.0.1:27017/evermart', desc: 'Connection string of MongoDB' }),
  TEMPORAL_ADDRESS: str({ default: '127.0.0.1:7233', desc: 'host:port of the Temporal frontend' }),
  TEMPORAL_UI_URL: url({ default: 'http://127.0.0.1:8233', desc: "Address of Temporal's web UI, for links" }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({ default: undefined, desc: 'OTLP/HTTP address; tracing is off without it' }),
  JAEGER_QUERY_URL: url({ default: undefined, desc: "Address of Jaeger's query API, for links and the timeline" }),
  JAEGER_UI_URL: url({ default: undefined, desc: "Address of Jaeger's web pages, where that is another" }),
  PAYMENT_PROVIDER_URL: url({ default: 'http://127.0.0.1:8090', desc: 'Address of the payment provider' }),
  PAYMENT_PROVIDER_PORT: port({ default: 8090, desc: 'Port of the simulated payment provider' }),
  PAYMENT_PROVIDER: str({ default: 'simulator', choices: ['simulator', 'stripe'], desc: 'Who takes the money' }),
  PAYMENT_WEBHOOK_URL: url({
    default: undefined,
    desc: 'Where the simulated payment provider posts its notices; it posts none without it',
  }),
  PAYMENT_WEBHOOK_SECRET: secret({ default: undefined, desc: 'Signs the notices of the simulated provider' }),
  STRIPE_API_KEY: str({ default: undefined, desc: 'Secret key of the Stripe account' }),
  STRIPE_API_URL: url({ default: 'https://api.stripe.com', desc: "Address of Stripe's API" }),
  STRIPE_WEBHOOK_SECRET: secret({ default: undefined, desc: "Signs Stripe's events (whsec_…)" }),
  DOMAINS_URL: str({
    default: undefined,
    desc: 'Where domain services are: registry, dns://host:port, or addresses separated by commas; {context} in it is replaced by the context. The gateway runs them itself without it',
  }),
  DOMAINS_PORT: portOrFree({ default: 8081, desc: 'Port on which a process that runs domain services offers them' }),
  SERVICE_URL: url({
    default: undefined,
    desc: 'Address under which others reach the domain services of this process',
  }),
  DOMAINS_HOST: str({ default: '127.0.0.1', desc: 'Address on which domain services are offered' }),
  PAYMENT_RETRY_WINDOW_SECONDS: seconds({
    default: 900,
    desc: 'Seconds that an order whose payment was declined waits for another method; 0 rejects it at once',
  }),
  GRACE_SECONDS: seconds({
    default: 60,
    desc: 'Seconds after which unfinished work (claims, checkouts, erasures) is finished or undone',
  }),
  CIRCUIT_OPEN_SECONDS: seconds({
    default: 30,
    desc: 'Seconds for which gateway and workflows do not ask a part of the platform that has failed five times in a row',
  }),
  CONTEXTS: list({ default: [], desc: 'Contexts that a domains process runs; all of them when empty' }),
  PROJECTIONS_URL: url({ default: 'http://127.0.0.1:8082', desc: 'Address of the projections' }),
  PROJECTIONS_PORT: port({ default: 8082, desc: 'Port of the projections: operations, health and metrics' }),
  WORKFLOWS_URL: url({ default: 'http://127.0.0.1:8083', desc: 'Address of the workflows: health and metrics' }),
  WORKFLOWS_PORT: port({ default: 8083, desc: 'Port of the workflows: health and metrics' }),
  AUDITOR_URL: url({ default: 'http://127.0.0.1:8084', desc: 'Address of the auditor: bundles and health' }),
  AUDITOR_PORT: port({ default: 8084, desc: 'Port of the auditor: bundles and health' }),
  AUDIT_KEY_FILE: str({
    default: undefined,
    desc: 'Ed25519 key that signs checkpoints (PKCS #8, PEM), made where there is none; DATA_DIR/audit/signing-key.pem without it',
  }),
  AUDIT_CHECKPOINTS: str({
    default: undefined,
    desc: 'File that checkpoints are appended to, or an http(s) URL that takes them by POST and gives all by GET; DATA_DIR/audit/checkpoints.ndjson without it',
  }),
  SMTP_URL: smtpUrl({ default: undefined, desc: 'Mail server; email is kept in DATA_DIR/mailbox without it' }),
  MAIL_FROM: str({ default: 'Evermart <no-reply@evermart.localhost>', desc: 'Sender of email' }),
  SMS_API_URL: url({ default: undefined, desc: 'HTTP API for SMS; SMS is kept in DATA_DIR/mailbox without it' }),
  SMS_API_KEY: str({ default: undefined, desc: 'Key of the HTTP API for SMS' }),
  SMS_FROM: str({ default: 'Evermart', desc: 'Sender of SMS' }),
  RATE_LIMIT_PER_SECOND: rate({ default: 100, desc: 'Requests a second of each client and class of routes' }),
  RATE_LIMIT_BURST: rate({ default: 150, desc: 'Requests of each client and class of routes at once' }),
  REDIS_URL: redisUrl({
    default: undefined,
    desc: 'Redis that gateways share; each keeps its own in memory without it',
  }),
  HEALTH_HOST: str({ default: '127.0.0.1', desc: 'Address on which roles without a public API listen' }),
};

const readSettings = (environment: NodeJS.ProcessEnv) =>
  cleanEnv(environment, settings, {
    reporter: ({ errors }) => {
      const sentences = Object.entries(errors).map(([name, error]) => `${name} ${error.message}`);
      if (sentences.length > 0) throw new ConfigError(sentences);
    },
  });

/** The settings of one process, read and checked once at its start. */
export type Config = Readonly<ReturnType<typeof readSettings>>;

/** A setting is wrong: the message says which, and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`Wrong settings: ${problems.join('; ')}`);
  }
}

/**
 * Reads all settings from environment variables.
 *
 * @throws ConfigError naming every variable that is wrong and what it must be.
 */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => readSettings(environment);

/**
 * The key that wraps all other keys, as 64 hexadecimal digits.
 *
 * @throws ConfigError where it is not set: there is no safe default.
 */
export const masterKeyOf = ({ MASTER_KEY }: Config): string => {
  if (MASTER_KEY === undefined)
    throw new ConfigError(['MASTER_KEY must be set to 64 hexadecimal digits (openssl rand -hex 32 makes them)']);
  return MASTER_KEY;
};
