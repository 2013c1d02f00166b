import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Charge } from './ledger-rules.js';
import type { Answer } from './problems.js';
import { noticeStoreIn, type NoticeStore } from './webhooks/notice-store.js';

/** The answer given under a key, and to which request: null for whatever may come with that key. */
export type StoredAnswer = Readonly<{ request: string | null; answer: Answer }>;

/** The ledger's tables in one SQLite file. A commit is on disk when the call that made it returns. */
export type LedgerStore = Readonly<{
  /** Runs `work` with all that it writes, or nothing of it where it throws. */
  atomically: <T>(work: () => T) => T;
  answerUnder: (key: string) => StoredAnswer | undefined;
  keepAnswer: (key: string, stored: StoredAnswer) => void;
  failuresOf: (key: string) => number;
  countFailure: (key: string) => void;
  charge: (reference: string) => Charge | undefined;
  /** The charge that an authorise call with this key opened. */
  chargeOfKey: (key: string) => Charge | undefined;
  chargeOfCapture: (captureReference: string) => Charge | undefined;
  /** Oldest first, as in `charges`. */
  chargesOf: (orderId: string) => readonly Charge[];
  charges: () => readonly Charge[];
  openCharge: (key: string, charge: Charge) => void;
  /** Keeps a charge as it is now, with its captures. */
  keepCharge: (charge: Charge) => void;
  notices: NoticeStore;
  close: () => void;
}>;

const schema = `
  CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT, answer TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS failures (key TEXT PRIMARY KEY, count INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS charges (
    reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, charge TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS charges_of_order ON charges (order_id);
  CREATE TABLE IF NOT EXISTS captures (reference TEXT PRIMARY KEY, charge_reference TEXT NOT NULL);
`;

/** Opens the store in a file, which is made with its folder where it is not there yet. */
export const openLedgerStore = (path: string): LedgerStore => {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(schema);

  const reading = <Row>(sql: string) => {
    const statement = database.prepare<string[]>(sql);
    return (...parameters: string[]) => statement.all(...parameters) as Row[];
  };
  const writing = (sql: string) => {
    const statement = database.prepare<(string | null)[]>(sql);
    return (...parameters: (string | null)[]) => void statement.run(...parameters);
  };
  const answers = reading<{ request: string | null; answer: string }>('SELECT * FROM answers WHERE key = ?');
  const insertAnswer = writing('INSERT INTO answers (key, request, answer) VALUES (?, ?, ?)');
  const failures = reading<{ count: number }>('SELECT count FROM failures WHERE key = ?');
  const countFailure = writing(
    'INSERT INTO failures (key, count) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1',
  );
  const chargesByReference = reading<ChargeRow>('SELECT charge FROM charges WHERE reference = ?');
  const chargesByKey = reading<ChargeRow>('SELECT charge FROM charges WHERE key = ?');
  const chargesByCapture = reading<ChargeRow>(
    'SELECT charge FROM charges JOIN captures ON charge_reference = charges.reference WHERE captures.reference = ?',
  );
  const chargesByOrder = reading<ChargeRow>('SELECT charge FROM charges WHERE order_id = ? ORDER BY rowid');
  const allCharges = reading<ChargeRow>('SELECT charge FROM charges ORDER BY rowid');
  const insertCharge = writing('INSERT INTO charges (reference, key, order_id, charge) VALUES (?, ?, ?, ?)');
  const updateCharge = writing('UPDATE charges SET charge = ? WHERE reference = ?');
  const insertCapture = writing('INSERT OR IGNORE INTO captures (reference, charge_reference) VALUES (?, ?)');

  return {
    atomically: (work) => database.transaction(work)(),
    answerUnder: (key) => {
      const [row] = answers(key);
      return row && { request: row.request, answer: JSON.parse(row.answer) as Answer };
    },
    keepAnswer: (key, { request, answer }) => insertAnswer(key, request, JSON.stringify(answer)),
    failuresOf: (key) => failures(key)[0]?.count ?? 0,
    countFailure,
    charge: (reference) => chargesByReference(reference).map(toCharge)[0],
    chargeOfKey: (key) => chargesByKey(key).map(toCharge)[0],
    chargeOfCapture: (captureReference) => chargesByCapture(captureReference).map(toCharge)[0],
    chargesOf: (orderId) => chargesByOrder(orderId).map(toCharge),
    charges: () => allCharges().map(toCharge),
    openCharge: (key, charge) => insertCharge(charge.reference, key, charge.orderId, JSON.stringify(charge)),
    keepCharge: (charge) => {
      updateCharge(JSON.stringify(charge), charge.reference);
      for (const { reference } of charge.captures) insertCapture(reference, charge.reference);
    },
    notices: noticeStoreIn(database),
    close: () => void database.close(),
  };
};

type ChargeRow = { charge: string };

const toCharge = ({ charge }: ChargeRow) => JSON.parse(charge) as Charge;
