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
 * @throws ApiProblem for what is refused; TypeError where the platform cannot be reached any more; Error with a sentence
 * where the connection broke twice with nothing between.
 */
export async function* readEvents(
  { stream }: Pick<AuditApi, 'stream'>,
  { asked, onBreak, signal }: Reading,
): AsyncGenerator<string, void> {
  let after = asked['after'];
  let last: string | undefined;
  let isFirst = true;
  for (;;) {
    let isOpen = false;
    try {
      const chunks = await stream('/events', { ...asked, after });
      isOpen = true;
      for await (const line of linesOf(chunks)) {
        last = line;
        yield line;
      }
      return;
    } catch (error) {
      if (signal.aborted || error instanceof ApiProblem) throw error;
      if (last === undefined && !isFirst) throw isOpen ? new Error(brokeThere) : error;
      if (last !== undefined) after = (JSON.parse(last) as { position: string }).position;
      last = undefined;
      isFirst = false;
      onBreak(after);
    }
  }
}

const brokeThere =
  'The connection broke at the same place again. The record may be damaged there: npm run audit -- verify tells.';

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
