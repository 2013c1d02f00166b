import { MongoServerError } from 'mongodb';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { freePort } from '../process/testing/free-port.js';
import { createMongo, isMongoAway, reachingMongo, type Mongo } from './mongo.js';

let engines: EnginesForTests;
let mongo: Mongo;

beforeAll(async () => {
  engines = await startEngines(['mongodb']);
  mongo = createMongo(engines.env.MONGODB_URL);
});

afterAll(async () => {
  await mongo.close();
  await engines.stop();
});

describe('MongoDB', () => {
  it('is used with the database that the URL names', () => expect(mongo.db.databaseName).toBe('evermart'));

  it('is asked for no more updates at once than its kind bears', async () => {
    const isFerretdb = 'ferretdbVersion' in (await mongo.db.command({ buildInfo: 1 }));
    expect(await mongo.mostUpdates()).toBe(isFerretdb ? 16 : 500);
  });

  it('finds documents by their ids, however many', async () => {
    const many = mongo.db.collection<{ _id: string }>('many');
    const ids = Array.from({ length: 40 }, (_, index) => `id-${index}`);
    await many.insertMany([...ids, 'other'].map((_id) => ({ _id })));
    const found = await mongo.findByIds(many, [...ids, 'absent']);
    expect(new Set(found.map(({ _id }) => _id))).toEqual(new Set(ids));
    expect(await mongo.findByIds(many, [])).toEqual([]);
  });

  it('keeps 64-bit integers', async () => {
    const numbers = mongo.db.collection<{ _id: string; position: bigint }>('numbers');
    const far = (1n << 60n) + 1n;
    await numbers.insertOne({ _id: 'far', position: far });
    expect(await numbers.findOne({ position: far })).toEqual({ _id: 'far', position: far });
    expect(await numbers.countDocuments({ position: { $type: 'long' } })).toBe(1);
  });

  it('tells that it is away as that', async () => {
    const absent = createMongo(`mongodb://127.0.0.1:${await freePort()}/evermart`);
    await expect(reachingMongo(absent, () => absent.db.collection('any').findOne())).rejects.toMatchObject({
      code: 'service.unavailable',
    });
    expect(await absent.isReachable()).toBe(false);
    await absent.close();
  });

  it('tells a wrong command as it is', async () => {
    const wrong = reachingMongo(mongo, () => mongo.db.command({ noSuchCommand: 1 }));
    await expect(wrong).rejects.toBeInstanceOf(MongoServerError);
  });
});

describe('a refusal of the server', () => {
  it.each([
    [true, { code: 91, message: 'shutting down' }],
    [true, { code: 1, message: 'FATAL: terminating connection (SQLSTATE 57P01)' }],
    [true, { code: 1, message: 'failed to connect to `user=postgres`: connection refused' }],
    [false, { code: 1, message: 'something else' }],
    [false, { code: 11000, message: 'duplicate key' }],
  ])('means that it is away: %s, for %j', (isAway, { code, message }) =>
    expect(isMongoAway(new MongoServerError({ code, message }))).toBe(isAway),
  );
});
