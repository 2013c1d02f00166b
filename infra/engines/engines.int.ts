import { MongoClient } from 'mongodb';
import pg from 'pg';
import { startEngines, type EnginesForTests } from './testing/engines-for-tests.js';

let engines: EnginesForTests;

beforeAll(async () => {
  engines = await startEngines(['postgres', 'mongodb']);
});

afterAll(() => engines.stop());

describe('the engines', () => {
  it('have a PostgreSQL with a database for the views, which knows letters beyond ASCII', async () => {
    const client = new pg.Client({ connectionString: engines.env.POSTGRES_URL });
    await client.connect();
    const { rows } = await client.query(`SELECT current_database() AS name, lower('ÉÑ') AS lower`);
    await client.end();
    expect(rows).toEqual([{ name: 'evermart', lower: 'éñ' }]);
  });

  it('have a MongoDB that keeps documents', async () => {
    const client = await MongoClient.connect(engines.env.MONGODB_URL);
    const products = client.db().collection<{ _id: string; name: string }>('products');
    await products.insertOne({ _id: 'p1', name: 'Tea' });
    const found = await products.findOne({ _id: 'p1' });
    await client.close();
    expect(found).toEqual({ _id: 'p1', name: 'Tea' });
  });
});
