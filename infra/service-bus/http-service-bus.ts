import { DomainError, errorCodes, type ErrorCode, type FieldError } from '../../domains/shared/errors.js';
import { createServiceTokens } from '../security/service-tokens.js';
import { inSpan, injectTraceparent } from '../telemetry/tracing.js';
import type { Receipt, ServiceBus } from './service-bus.js';

/** `{context}` in `url` stands for the context; `masterKey` is the platform's. */
export type HttpServiceBusSettings = Readonly<{ url: string; masterKey: string; timeoutMs?: number }>;

/** Reaches contexts that run in other processes, at their service endpoint. */
export const createHttpServiceBus = ({ url, masterKey, timeoutMs = 10_000 }: HttpServiceBusSettings): ServiceBus => {
  const tokens = createServiceTokens(masterKey);

  const post = async (context: string, path: string, body: unknown): Promise<unknown> => {
    const response = await reaching(context, async () =>
      fetch(`${url.replace('{context}', context)}${path}`, {
        method: 'POST',
        headers: injectTraceparent({
          'content-type': 'application/json',
          authorization: `Bearer ${await tokens.issue()}`,
        }),
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      }),
    );
    const answer: unknown = await reaching(context, () => response.json());
    if (response.ok) return answer;
    throw refusalFrom(context, answer);
  };

  return {
    send: (context, command) =>
      inSpan(`send ${context} ${command.type}`, { kind: 'client', parent: command.traceparent }, async () => {
        const { traceparent = command.traceparent } = injectTraceparent({});
        return (await post(context, `/commands/${context}`, { ...command, traceparent })) as Receipt;
      }),
    ask: (context, question, data) => post(context, `/questions/${context}/${question}`, { data }),
  };
};

const reaching = async <Result>(context: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const refusal = new DomainError('service.unavailable', `The ${context} service does not answer; try again soon`);
    refusal.cause = error;
    throw refusal;
  }
};

type Problem = Readonly<{ code?: unknown; detail?: unknown; errors?: unknown }>;

const refusalFrom = (context: string, answer: unknown): Error => {
  const { code, detail, errors } = (answer ?? {}) as Problem;
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code))
    return new Error(`The ${context} service gave no reason`);
  return new DomainError(code as ErrorCode, String(detail), Array.isArray(errors) ? (errors as FieldError[]) : []);
};
