import type { Registry } from 'prom-client';
import { DomainError } from '../../domains/shared/errors.js';
import { isSameSecret } from '../../infra/security/same-secret.js';
import { bearerToken } from '../http/authenticate.js';
import { bareRoute, type GatewayRequest, type Route } from '../http/route.js';

export type MetricsParts = Readonly<{
  registry: Pick<Registry, 'metrics' | 'contentType'>;
  /** Whoever reads the metrics has to show it, where there is one. */
  metricsToken: string | undefined;
}>;

/** How this gateway and the platform get on, for Prometheus. */
export const metricsRoutes = ({ registry, metricsToken }: MetricsParts): readonly Route[] => {
  let telling: Promise<string> | undefined;
  /** Whoever asks meanwhile is told the same. */
  const told = () =>
    (telling ??= registry.metrics().finally(() => {
      telling = undefined;
    }));
  return [
    bareRoute(
      'GET',
      '/metrics',
      {
        id: 'getMetrics',
        summary: 'Metrics for Prometheus; with METRICS_TOKEN set, for whoever shows it as a bearer token',
        answers: { status: 200, mediaType: 'text/plain' },
        refuses: ['auth.missing_token', 'auth.invalid_token'],
        token: 'metricsToken',
      },
      async ({ headers }) => {
        if (metricsToken !== undefined) refuseStrangers(headers, metricsToken);
        return { status: 200, headers: { 'content-type': registry.contentType }, body: await told() };
      },
    ),
  ];
};

const refuseStrangers = ({ authorization }: GatewayRequest['headers'], metricsToken: string) => {
  const shown = bearerToken(authorization);
  if (shown === undefined)
    throw new DomainError('auth.missing_token', 'Send METRICS_TOKEN in the header Authorization: Bearer …');
  if (!isSameSecret(shown, metricsToken))
    throw new DomainError('auth.invalid_token', 'The token is not the one of METRICS_TOKEN');
};
