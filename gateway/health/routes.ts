import { checkReadiness, type ReadinessChecks } from '../../infra/process/health-server.js';
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
  bareRoute('GET', '/health', async () => {
    const { ready, dependencies } = await checkReadiness({ ...needed, ...others });
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      status: 200,
      body: {
        status: ready ? 'ok' : 'degraded',
        service: 'gateway',
        version,
        /** In seconds. */
        uptime: process.uptime(),
        /** In bytes. */
        memory: { rss, heapTotal, heapUsed },
        /** In seconds of CPU time since the start. */
        cpu: { user: user / 1e6, system: system / 1e6 },
        timestamp: new Date().toISOString(),
        dependencies,
      },
    };
  }),

  bareRoute('GET', '/health/live', () => Promise.resolve({ status: 204 })),

  bareRoute('GET', '/health/ready', async () => {
    const { ready, dependencies } = await checkReadiness(needed);
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'waiting', dependencies } };
  }),
];
