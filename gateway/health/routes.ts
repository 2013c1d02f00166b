import { healthOf, readyAnswer, type ReadinessChecks } from '../../infra/process/health.js';
import { bareRoute, type Route } from '../http/route.js';
import { noContent, ok } from '../http/success.js';
import { HealthAnswer, ReadinessAnswer } from './answers.js';

export type HealthParts = Readonly<{
  version: string;
  /** Without one of these the gateway is not ready: what all gateways miss alike does not belong here. */
  needed: ReadinessChecks;
  /** The parts of the platform, which are only shown. */
  others: ReadinessChecks;
}>;

/** How this process and the parts it works with are. */
export const healthRoutes = ({ version, needed, others }: HealthParts): readonly Route[] => [
  bareRoute(
    'GET',
    '/health',
    { id: 'getHealth', summary: 'How the platform and its parts are', answers: ok(HealthAnswer) },
    async () => ({
      status: 200,
      body: await healthOf({ service: 'gateway', version }, { ...needed, ...others }),
    }),
  ),

  bareRoute(
    'GET',
    '/health/live',
    { id: 'getLiveness', summary: 'Whether this process runs', answers: noContent },
    () => Promise.resolve({ status: 204 }),
  ),

  bareRoute(
    'GET',
    '/health/ready',
    {
      id: 'getReadiness',
      summary: 'Whether this process can serve; 503 with what is missing where it cannot',
      answers: { ...ok(ReadinessAnswer), orElse: 503 },
    },
    () => readyAnswer(needed),
  ),
];
