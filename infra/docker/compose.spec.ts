import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { contexts } from '../../domains/contexts.js';
import { readConfig } from '../config.js';
import { composeSchema, type ComposeFile } from './testing/compose-schema.js';

const root = process.cwd();
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as ComposeFile;
const dockerfile = readFileSync(join(root, 'infra/docker/Dockerfile'), 'utf8');

const services = Object.entries(compose.services);
const roles = services.filter(([, { build }]) => build !== undefined);
const environmentOf = (service: string) => compose.services[service]?.environment ?? {};

it('has the form of a compose file', () => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  const isValid = ajv.validate(composeSchema, compose);
  expect(ajv.errors).toBeNull();
  expect(isValid).toBe(true);
});

describe.each(services)('%s', (_name, { image, healthcheck, depends_on = {}, volumes = [], ports = [] }) => {
  it('has a pinned image', () => expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?$/));

  it('says how its health is checked', () => expect(healthcheck.test.length).toBeGreaterThan(1));

  it('waits for services that exist', () => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
  });

  it('keeps its data in declared volumes', () => {
    const names = volumes.map((volume) => volume.split(':')[0]);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(names));
  });

  it('is reached from this machine only', () => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe.each(roles)('the role %s', (_name, { command = [], environment = {}, healthcheck }) => {
  it('runs an entry that the repository has', () => {
    const [node, entry = ''] = command;
    expect(node).toBe('node');
    expect(entry).toMatch(/^dist\/.*\/main\.js$/);
    expect(existsSync(join(root, sourceOf(entry)))).toBe(true);
  });

  it('is told nothing but settings', () => {
    expect(Object.keys(readConfig({}))).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it('is told settings that it accepts', () => {
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value)]));
    expect(() => readConfig(env)).not.toThrow();
  });

  it('is asked for its health where it listens, on all addresses', () => {
    const [, , check = '', port] = healthcheck.test;
    expect(existsSync(join(root, sourceOf(check)))).toBe(true);
    expect(Object.entries(environment)).toContainEqual([expect.stringMatching(/PORT$/), port]);
    expect(Object.entries(environment)).toContainEqual([expect.stringMatching(/HOST$/), '0.0.0.0']);
  });
});

describe('the services of the contexts', () => {
  const names = contexts.map(({ context }) => `domains-${context}`);

  it('are one for each', () => {
    expect(roles.map(([name]) => name).filter((name) => name.startsWith('domains-'))).toEqual(names);
    expect(names.map((name) => `domains-${environmentOf(name)['CONTEXTS'] ?? ''}`)).toEqual(names);
  });

  it.each(['gateway', 'workflows', 'domains-orders'])('are found by %s', (name) =>
    expect(environmentOf(name)['DOMAINS_URL']).toBe('http://domains-{context}:8081'),
  );

  it.each(['gateway', 'workflows'])('are there before %s', (name) =>
    expect(Object.keys(compose.services[name]?.depends_on ?? {})).toEqual(expect.arrayContaining(names)),
  );
});

describe('secrets', () => {
  const variables = [...text.matchAll(/\$\{(\w+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({ name, rest }));
  const required = [...new Set(variables.filter(({ rest }) => rest.startsWith(':?')).map(({ name }) => name))];

  it('are required, whatever else has a default', () => {
    expect(variables.filter(({ rest }) => !/^:[?-]./.test(rest))).toEqual([]);
    expect(required.toSorted()).toEqual([
      'ADMIN_PASSWORD',
      'MASTER_KEY',
      'PAYMENT_WEBHOOK_SECRET',
      'POSTGRES_PASSWORD',
    ]);
  });

  it('are in no variable of a service', () => {
    const literal = services.flatMap(([service, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([name, value]) => holdsSecret(name, value) && !/\$\{\w+:\?/.test(value))
        .map(([name]) => `${service}: ${name}`),
    );
    expect(literal).toEqual([]);
  });

  it('are told to those alone that need them', () => {
    const toldOf = (variable: string) => roles.filter(([, { environment = {} }]) => variable in environment);
    expect(toldOf('ADMIN_PASSWORD').map(([name]) => name)).toEqual(['gateway']);
    expect(toldOf('PAYMENT_WEBHOOK_SECRET').map(([name]) => name)).toEqual(['gateway', 'payment-provider']);
    expect(Object.keys(environmentOf('payment-provider'))).not.toContain('MASTER_KEY');
  });

  it('are explained, and left empty, in env.example', () => {
    const example = readFileSync(join(root, 'infra/docker/env.example'), 'utf8');
    const empty = [...example.matchAll(/^(\w+)=(.*)$/gm)].filter(([, , value]) => value === '').map(([, name]) => name);
    expect(empty.toSorted()).toEqual(required.toSorted());
  });
});

describe('the image', () => {
  it('is made from a pinned one', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    expect(bases.filter((base) => !/^node:24\.\d+\.\d+-slim$/.test(base ?? ''))).toEqual([]);
  });

  it('does not run as root', () => expect(dockerfile.trimEnd()).toMatch(/\nUSER node$/));
});

const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

const holdsSecret = (name: string, value: string) =>
  /PASSWORD|PWD|SECRET|TOKEN|MASTER_KEY/.test(name) || /\/\/[^/@]*:[^/@]*@/.test(value);

/** As compose would put it in, with a stand-in for what has no default. */
const interpolated = (value: string) =>
  value.replace(/\$\{\w+:([?-])([^}]*)\}/g, (_all, kind, rest) => (kind === '-' ? String(rest) : 'a'.repeat(64)));
