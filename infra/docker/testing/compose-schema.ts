/** As much of a compose file as ours uses (https://github.com/compose-spec/compose-spec), once anchors are resolved. */
export type ComposeFile = Readonly<{
  services: Readonly<Record<string, ComposeService>>;
  volumes: Readonly<Record<string, null>>;
}>;

export type ComposeService = Readonly<{
  image: string;
  build?: Readonly<{ context: string; dockerfile: string }>;
  command?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  healthcheck: Readonly<{ test: readonly string[] }>;
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>;
  ports?: readonly string[];
  volumes?: readonly string[];
}>;

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const duration = { type: 'string', pattern: '^\\d+(s|m|h)$' };

const closed = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const service = closed(
  {
    image: text,
    build: closed({ context: text, dockerfile: text }, ['context', 'dockerfile']),
    platform: text,
    command: texts,
    init: { type: 'boolean' },
    environment: { type: 'object', additionalProperties: text },
    ports: texts,
    volumes: texts,
    restart: { enum: ['unless-stopped'] },
    stop_grace_period: duration,
    healthcheck: closed(
      { test: texts, interval: duration, timeout: duration, retries: { type: 'integer' }, start_period: duration },
      ['test', 'interval', 'timeout', 'retries', 'start_period'],
    ),
    depends_on: {
      type: 'object',
      additionalProperties: closed({ condition: { enum: ['service_healthy'] } }, ['condition']),
    },
  },
  ['image', 'restart', 'healthcheck'],
);

/** JSON schema of the same: every text is one (YAML reads a bare `true` or `8080` as something else). */
export const composeSchema = {
  type: 'object',
  properties: {
    services: { type: 'object', additionalProperties: service },
    volumes: { type: 'object', additionalProperties: { type: 'null' } },
  },
  patternProperties: { '^x-': {} },
  required: ['services', 'volumes'],
  additionalProperties: false,
};
