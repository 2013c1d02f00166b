import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../infra/process/server.js';
import { silent } from '../../infra/service-bus/testing/services.js';
import { describedApi, describedRoutes } from '../openapi/described-api.js';
import { basePath } from './route.js';
import { createGateway } from './server.js';
import { accessTokens } from './testing/gateway.js';
import { columns, roleTable } from './testing/role-table.js';

type Column = (typeof columns)[number];

/** As the table calls a route. */
const rowOf = (method: string, pattern: string) =>
  `${method.toUpperCase()} ${pattern.replace(basePath, '').replaceAll(/\{(\w+)\}/g, ':$1')}`;

const marks = (isLetIn: (column: Column) => boolean) => columns.map((column) => (isLetIn(column) ? '+' : '-')).join('');

it('roles are described as the table says', () => {
  const described = Object.entries(describedApi().paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security, 'x-roles': roles }]): [string, string] => {
      const isPublic = !(security as readonly object[]).some((each) => 'accessToken' in each);
      const isListed = (column: Column) =>
        column !== 'anonymous' && ((roles as readonly string[] | undefined)?.includes(column) ?? true);
      return [rowOf(method, path), marks((column) => isPublic || isListed(column))];
    }),
  );
  expect(Object.fromEntries(described)).toEqual(roleTable);
});

describe('roles at the server', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const letIn = () => Promise.resolve({ status: 204 });
    const routes = describedRoutes().map((route) => ({ ...route, handle: letIn }));
    server = createGateway({ routes, accessTokens, log: silent });
    await listen(server, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => closeServer(server));

  const statusFor = async (column: Column, method: string, pattern: string) => {
    const headers = column === 'anonymous' ? {} : { authorization: `Bearer somebody:${column}` };
    const response = await fetch(`${url}${pattern.replaceAll(/:\w+/g, 'x1')}`, { method, headers });
    await response.arrayBuffer();
    return response.status;
  };

  it('are as the table says, in every cell', async () => {
    const seen: Record<string, string> = {};
    for (const { method, pattern } of describedRoutes()) {
      const statuses = await Promise.all(columns.map((column) => statusFor(column, method, pattern)));
      expect(statuses[0] === 403 || statuses.slice(1).includes(401)).toBe(false);
      // Whoever is let in may still have sent nothing that makes sense.
      expect(statuses.filter((status) => ![200, 204, 400, 401, 403, 415].includes(status))).toEqual([]);
      seen[rowOf(method, pattern)] = marks((column) => ![401, 403].includes(statuses[columns.indexOf(column)] ?? 0));
    }
    expect(seen).toEqual(roleTable);
  });
});
