import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry } from 'cockatiel';
import type { Log } from '../logging/log.js';
import { injectRequestId } from '../logging/request-context.js';
import { breakerRules, type BreakerRules } from '../resilience/circuit-breaker.js';
import type { ServiceTokens } from '../security/service-tokens.js';
import type { Discovery } from '../service-registry/discovery.js';
import { inSpan, injectTraceparent } from '../telemetry/tracing.js';
import { callInstance, type Reply } from './call-instance.js';
import { createInstances } from './instances.js';
import { sentAgain, type Receipt, type ServiceBus } from './service-bus.js';
import { upstreamError } from './upstream-error.js';

/** How long calls may take, and how often they are repeated. */
export type Patience = Readonly<{
  /** For one attempt. */
  timeoutMs: number;
  /** For all attempts together. */
  deadlineMs: number;
  /** Attempts after the first. */
  repeats: number;
  /** The most before the first repeat; the most doubles with every repeat up to `longestPauseMs`. */
  pauseMs: number;
  longestPauseMs: number;
}>;

const usualPatience: Patience = {
  timeoutMs: 10_000,
  deadlineMs: 20_000,
  repeats: 3,
  pauseMs: 100,
  longestPauseMs: 1_000,
};

export type HttpServiceBusSettings = Readonly<{
  discovery: Discovery;
  tokens: Pick<ServiceTokens, 'issue'>;
  log: Log;
  patience?: Partial<Patience>;
  rules?: BreakerRules;
  /** The clock of the circuits, in milliseconds; for tests. */
  now?: () => number;
}>;

/**
 * Reaches contexts that run in other processes, at their service endpoints. Every call may be repeated: a command is
 * known by its id, and a question changes nothing.
 */
export const createHttpServiceBus = ({
  tokens,
  patience,
  rules = breakerRules,
  ...settings
}: HttpServiceBusSettings): ServiceBus => {
  const instances = createInstances({ ...settings, rules });
  const { timeoutMs, deadlineMs, repeats, pauseMs, longestPauseMs } = { ...usualPatience, ...patience };
  const untilAnswered = retry(
    handleWhenResult((reply) => (reply as Reply).kind === 'failed'),
    {
      maxAttempts: repeats,
      backoff: new ExponentialBackoff({
        generator: fullJitterGenerator,
        initialDelay: pauseMs,
        maxDelay: longestPauseMs,
      }),
    },
  );

  const attempt = async (context: string, path: string, body: string, deadline: AbortSignal): Promise<Reply> => {
    const headers = injectRequestId(injectTraceparent({ authorization: `Bearer ${await tokens.issue()}` }));
    const instance = await instances.next(context);
    if (instance === 'none') return { kind: 'failed', error: nobodyOffers(context) };
    if (instance === 'open') return { kind: 'refused', error: circuitIsOpen(context) };
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), deadline]);
    const reply = await callInstance({ context, url: `${instance.url}${path}`, body, headers, signal });
    instance.tell(reply.kind === 'failed' ? 'failed' : 'answered');
    return reply;
  };

  const post = async (context: string, path: string, body: unknown): Promise<unknown> => {
    const text = JSON.stringify(body);
    let last: Reply | undefined;
    const reply = await untilAnswered.execute(async ({ signal }) => {
      // The deadline may have passed during the pause: what the attempt before came to is then the answer.
      if (last && signal.aborted) return last;
      last = await attempt(context, path, text, signal);
      return last;
    }, AbortSignal.timeout(deadlineMs));
    if (reply.kind === 'answered') return reply.answer;
    throw reply.error;
  };

  return {
    send: (context, command) =>
      inSpan(`send ${context} ${command.type}`, { kind: 'client', parent: command.traceparent }, async () => {
        const { traceparent = command.traceparent } = injectTraceparent({});
        return (await post(context, `/commands/${context}`, { ...sentAgain(command), traceparent })) as Receipt;
      }),
    ask: (context, question, data) =>
      inSpan(`ask ${context} ${question}`, { kind: 'client' }, () =>
        post(context, `/questions/${context}/${question}`, { data }),
      ),
  };
};

const nobodyOffers = (context: string) =>
  upstreamError(context, { code: 'service.unavailable', detail: `No instance of the ${context} service is up` });

const circuitIsOpen = (context: string) =>
  upstreamError(context, {
    code: 'service.unavailable',
    detail: `The ${context} service did not answer lately and is not asked for a while; try again later`,
  });
