import { ApiProblem } from '../problem.js';
import type { Asked, AuditApi } from './audit-api.js';

type Reading = Readonly<{
  asked: Asked;
  /** Told where reading goes on whenever the connection broke. */
  onBreak: (after: string | number | undefined) => void;
  signal: AbortSignal;
}>;

/**
 * The lines of `GET /audit/events`, each an event as JSON, as they come. A connection that breaks is taken up after the
 * last line that came whole.
 *
 * @throws ApiProblem for what is refused; what broke the connection, where nothing came since it broke before.
 */
export async function* readEvents(
  { stream }: Pick<AuditApi, 'stream'>,
  { asked, onBreak, signal }: Reading,
): AsyncGenerator<string, void> {
  let after = asked['after'];
  let last: string | undefined;
  let isFirst = true;
  for (;;) {
    try {
      for await (const line of linesOf(await stream('/events', { ...asked, after }))) {
        last = line;
        yield line;
      }
      return;
    } catch (error) {
      if (signal.aborted || error instanceof ApiProblem || (last === undefined && !isFirst)) throw error;
      if (last !== undefined) after = (JSON.parse(last) as { position: string }).position;
      last = undefined;
      isFirst = false;
      onBreak(after);
    }
  }
}

/** What comes after the last line break is no line: it was not sent whole. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
