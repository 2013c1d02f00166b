import { RequestRefused } from './problems.js';

/**
 * How badly the simulated provider behaves on purpose: how long it waits before it does anything, the share of calls
 * that it fails before any effect (500), and the share that take effect and get no answer.
 */
export type Settings = Readonly<{
  latencyMs: Readonly<{ min: number; max: number }>;
  failureRate: number;
  silenceRate: number;
}>;

/** What is to become of one call, after the wait. */
export type Fate = 'answered' | 'failed' | 'silenced';

export type Disturbances = Readonly<{
  settings: () => Settings;
  /** Replaces all settings. */
  set: (settings: Settings) => void;
  /** Waits as long as is set, and says what becomes of the call. */
  disturb: () => Promise<Fate>;
}>;

export type Chance = Readonly<{
  /** From 0 to less than 1, each as likely. */
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
}>;

export const wellBehaved: Settings = { latencyMs: { min: 0, max: 0 }, failureRate: 0, silenceRate: 0 };

/** Kept in memory: whoever starts the provider anew has one that behaves well, whatever was tried before. */
export const createDisturbances = ({ random, wait }: Chance): Disturbances => {
  let current = wellBehaved;
  return {
    settings: () => current,
    set: (settings) => {
      current = settings;
    },
    disturb: async () => {
      const { latencyMs, failureRate, silenceRate } = current;
      if (latencyMs.max > 0) await wait(latencyMs.min + random() * (latencyMs.max - latencyMs.min));
      if (random() < failureRate) return 'failed';
      return random() < silenceRate ? 'silenced' : 'answered';
    },
  };
};

const longestLatencyMs = 60_000;

/** What is left out is as in a provider that behaves well. @throws RequestRefused naming what is wrong. */
export const parseSettings = (body: unknown): Settings => {
  const { latencyMs, failureRate, silenceRate } = knownFields(body, Object.keys(wellBehaved), 'The body');
  return {
    latencyMs: latencyMs === undefined ? wellBehaved.latencyMs : latencyIn(latencyMs),
    failureRate: rateIn(failureRate, 'failureRate'),
    silenceRate: rateIn(silenceRate, 'silenceRate'),
  };
};

const latencyIn = (value: unknown) => {
  const { min, max } = knownFields(value, ['min', 'max'], 'latencyMs');
  if (!isNumberUpTo(longestLatencyMs, min) || !isNumberUpTo(longestLatencyMs, max) || min > max)
    throw invalid(`latencyMs must be {min, max}, two numbers from 0 to ${longestLatencyMs}, min not above max`);
  return { min, max };
};

const rateIn = (value: unknown = 0, name: string): number => {
  if (!isNumberUpTo(1, value)) throw invalid(`${name} must be a number from 0 to 1`);
  return value;
};

const knownFields = (value: unknown, names: readonly string[], name: string): Partial<Record<string, unknown>> => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).some((given) => !names.includes(given)))
    throw invalid(`${name} must be an object with no other fields than ${names.join(', ')}`);
  return { ...value };
};

const isNumberUpTo = (most: number, value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= most;

const invalid = (detail: string) => new RequestRefused('request_invalid', detail);
