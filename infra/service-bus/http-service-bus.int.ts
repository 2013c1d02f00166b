import { jest } from '@jest/globals';
import { message, httpBusTo, coded } from './testing/services.js';
import { startScriptedService, type Answer, type ScriptedService } from './testing/scripted-service.js';

const done: Answer = { status: 200, body: { revision: 0 } };
const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { code, detail: 'A sentence', ...more },
});
const away = problem(503, 'service.unavailable');

const services: ScriptedService[] = [];
const start = async (...answers: readonly [Answer, ...Answer[]]) => {
  const service = await startScriptedService(...answers);
  services.push(service);
  return service;
};
afterEach(async () => {
  await Promise.all(services.splice(0).map(({ close }) => close()));
});

const command = message('PlaceOrder', { orderId: 'o1' }, { isNew: true });
const idsOf = ({ asked }: ScriptedService) => asked.map(({ body }) => body['commandId']);

describe('a repeated call', () => {
  it.each<[string, Answer]>([
    ['whose connection breaks', 'hang up'],
    ['that a service cannot answer now', away],
    ['that took a service too long', problem(504, 'service.timeout')],
    ['that a proxy could not pass on', { status: 502, body: 'Bad Gateway' }],
    ['that a proxy waited for in vain', { status: 504, body: '<html>' }],
    ['whose answer is not whole', { status: 200, body: undefined }],
  ])('follows one %s', async (_, answer) => {
    const service = await start(answer, done);
    expect(await httpBusTo([service.url]).send('orders', command)).toEqual({ revision: 0 });
    expect(idsOf(service)).toEqual([command.commandId, command.commandId]);
  });

  it('never says that its command comes once, since it may come again', async () => {
    const service = await start('hang up', away, done);
    await httpBusTo([service.url]).send('orders', command);
    const { isNew, ...known } = command;
    expect(service.asked.map(({ body }) => body)).toEqual([known, known, known]);
  });

  it('is made for questions as well', async () => {
    const service = await start(away, { status: 200, body: true });
    expect(await httpBusTo([service.url]).ask('users', 'isActive', { userId: 'u1' })).toBe(true);
    expect(service.asked[1]).toMatchObject({ path: '/questions/users/isActive', body: { data: { userId: 'u1' } } });
  });

  it('goes to another instance', async () => {
    const broken = await start('hang up');
    const well = await start(done);
    const bus = httpBusTo([broken.url, well.url]);
    await bus.send('orders', command);
    expect([broken.asked.length, well.asked.length]).toEqual([1, 1]);
  });

  it('is made three times at most', async () => {
    const service = await start(away);
    await expect(httpBusTo([service.url]).send('orders', command)).rejects.toEqual(coded('service.unavailable'));
    expect(service.asked).toHaveLength(4);
  });

  it.each<[string, Answer, string]>([
    ['a rule refused', problem(409, 'order.illegal_transition'), 'order.illegal_transition'],
    ['is wrong', problem(400, 'command.invalid'), 'command.invalid'],
    ['failed for an unknown reason', problem(500, 'internal.error'), 'internal.error'],
    ['needs a service that is away', problem(503, 'service.unavailable', { upstream: 'users' }), 'service.unavailable'],
  ])('never follows one that %s', async (_, answer, code) => {
    const service = await start(answer);
    await expect(httpBusTo([service.url]).send('orders', command)).rejects.toEqual(coded(code));
    expect(service.asked).toHaveLength(1);
  });
});

describe('a call', () => {
  it('is given up after its time', async () => {
    const service = await start('silence');
    const bus = httpBusTo([service.url], { patience: { timeoutMs: 20, repeats: 0 } });
    await expect(bus.ask('users', 'isActive', {})).rejects.toEqual(coded('service.timeout'));
  });

  it('is not repeated beyond the time for all attempts', async () => {
    const service = await start('silence');
    const bus = httpBusTo([service.url], { patience: { deadlineMs: 20 } });
    await expect(bus.ask('users', 'isActive', {})).rejects.toEqual(coded('service.timeout'));
    expect(service.asked.length).toBeLessThanOrEqual(1);
  });

  it('is not made after the time for all attempts, which passed during a pause', async () => {
    const longestPause = jest.spyOn(Math, 'random').mockReturnValue(0.999);
    const service = await start(away);
    const bus = httpBusTo([service.url], { patience: { deadlineMs: 500, pauseMs: 1_500, longestPauseMs: 1_500 } });
    await expect(bus.ask('users', 'isActive', {})).rejects.toEqual(coded('service.unavailable'));
    longestPause.mockRestore();
    expect(service.asked).toHaveLength(1);
  });

  it('that nobody can take is refused', async () => {
    await expect(httpBusTo([]).ask('users', 'isActive', {})).rejects.toEqual(coded('service.unavailable'));
    await expect(httpBusTo(['http://127.0.0.1:1']).ask('users', 'isActive', {})).rejects.toEqual(
      coded('service.unavailable'),
    );
  });

  it('goes to the instances in turn, for each context by itself', async () => {
    const [first, second] = [await start(done), await start(done)];
    const bus = httpBusTo([first.url, second.url]);
    for (const context of ['users', 'users', 'orders', 'users', 'users']) await bus.ask(context, 'x', {});
    const pathsOf = ({ asked }: ScriptedService) => asked.map(({ path }) => path.split('/')[2]);
    expect([pathsOf(first), pathsOf(second)]).toEqual([
      ['users', 'orders', 'users'],
      ['users', 'users'],
    ]);
  });
});

describe('a circuit', () => {
  it('opens after five failures, and closes after three answers thirty seconds later', async () => {
    let now = 0;
    const service = await start(away);
    const bus = httpBusTo([service.url], { now: () => now, patience: { repeats: 0 } });
    const ask = () => bus.ask('users', 'isActive', {});
    for (let call = 1; call <= 5; call += 1) await expect(ask()).rejects.toEqual(coded('service.unavailable'));
    service.answer(done);
    now = 29_999;
    await expect(ask()).rejects.toThrow('not asked for a while');
    expect(service.asked).toHaveLength(5);

    now = 30_000;
    for (let call = 1; call <= 3; call += 1) await ask();
    service.answer(away, away, away, away, done);
    for (let call = 1; call <= 4; call += 1) await expect(ask()).rejects.toEqual(coded('service.unavailable'));
    expect(await ask()).toEqual({ revision: 0 });
  });

  it('leaves other instances as they are', async () => {
    const [broken, well] = [await start(away), await start(done)];
    const bus = httpBusTo([broken.url, well.url], { rules: { failures: 1, openMs: 30_000, successes: 3 } });
    for (let call = 1; call <= 5; call += 1) await bus.ask('users', 'isActive', {});
    expect([broken.asked.length, well.asked.length]).toEqual([1, 5]);
  });

  it('takes no notice of refusals by a rule', async () => {
    const service = await start(problem(409, 'order.illegal_transition'));
    const bus = httpBusTo([service.url], { rules: { failures: 1, openMs: 30_000, successes: 3 } });
    for (let call = 1; call <= 3; call += 1)
      await expect(bus.send('orders', command)).rejects.toEqual(coded('order.illegal_transition'));
    expect(service.asked).toHaveLength(3);
  });
});
