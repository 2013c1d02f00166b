import { healthOf, readyAnswer, type ReadinessChecks } from '../../infra/process/health.js';
import { bareRoute, type Route } from '../http/route.js';

export type HealthParts = Readonly<{
  version: string;
  /** Without one of these the gateway is not ready. */
  needed: ReadinessChecks;
  /** The other parts of the platform, which are only shown. */
  others: ReadinessChecks;
}>;

/** How this process and the parts it works with are. */
export const healthRoutes = ({ version, needed, others }: HealthParts): readonly Route[] => [
  bareRoute('GET', '/health', async () => ({
    status: 200,
    body: await healthOf({ service: 'gateway', version }, { ...needed, ...others }),
  })),

  bareRoute('GET', '/health/live', () => Promise.resolve({ status: 204 })),

  bareRoute('GET', '/health/ready', () => readyAnswer(needed)),
];
