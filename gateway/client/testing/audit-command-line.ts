import type { StoredEvent } from '../audit/answers.js';
import { openAudit } from '../audit/audit-api.js';
import { auditProgram } from '../audit/program.js';
import { startFakeGateway, type Came, type FakeGateway, type Told } from './fake-gateway.js';

type Answers = Readonly<Record<string, Told | ((came: Came) => Told | undefined)>>;

/** What a command line printed and said, and the code that it left with. */
type Ran = Readonly<{ printed: string; noted: readonly string[]; progress: readonly string[]; code: number }>;

/** `error` is what it failed by. */
type Attempt = Ran & Readonly<{ error: unknown }>;

type AuditCommandLine = Readonly<{
  gateway: FakeGateway;
  /** Answers by method and path below `/api/v1/audit`, and lets everybody in. */
  answers: (table: Answers) => void;
  /** Throws what the command line throws. */
  run: (...args: readonly string[]) => Promise<Ran>;
  attempt: (...args: readonly string[]) => Promise<Attempt>;
  /** An attempt where nothing can be printed. */
  attemptUnread: (...args: readonly string[]) => Promise<Attempt>;
}>;

/** The command line in this process, before a gateway that answers as a test wants. */
export const startAuditCommandLine = async (): Promise<AuditCommandLine> => {
  const gateway = await startFakeGateway();

  const attempt = async (args: readonly string[], isRead = true): Promise<Attempt> => {
    const [printed, noted, progress]: [string[], string[], string[]] = [[], [], []];
    let code = 0;
    const { signal } = new AbortController();
    const program = auditProgram({
      open: () => openAudit(gateway.url, { email: 'auditor@example.org', password: 'who watches' }, signal),
      print: (text) => (isRead ? Promise.resolve(void printed.push(text)) : Promise.reject(new Error('nobody reads'))),
      note: (text) => void noted.push(text),
      openProgress: () => ({ say: (text) => void progress.push(text), end: () => undefined }),
      leave: (given) => void (code = given),
      signal,
    });
    for (const each of [program, ...program.commands])
      each.configureOutput({ writeOut: () => undefined, writeErr: (text) => void noted.push(text) });
    const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { printed: printed.join('\n'), noted, progress, code, error };
  };

  return {
    gateway,
    answers: (table) =>
      gateway.answer((came) => {
        if (came.path === '/api/v1/auth/token') return { body: tokens };
        const answer = table[`${came.method} ${came.path.replace('/api/v1/audit', '')}`];
        return typeof answer === 'function' ? answer(came) : (answer ?? { status: 404 });
      }),
    run: async (...args) => {
      const { error, ...ran } = await attempt(args);
      if (error !== undefined) throw error as Error;
      return ran;
    },
    attempt: (...args) => attempt(args),
    attemptUnread: (...args) => attempt(args, false),
  };
};

/** What whoever signs in gets. */
export const tokens = { accessToken: 'access', refreshToken: 'refresh' };

/** An event of an order. */
export const event = (revision: number): StoredEvent => ({
  ...{ position: String(100 + revision), stream: 'order-1', revision, id: `id-${revision}`, type: 'OrderPlaced' },
  ...{ data: { orderId: '1' }, metadata: { actor: 'ada' }, created: '2026-01-31T09:30:00.000Z' },
});
