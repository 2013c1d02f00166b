import { Agent, request, type IncomingMessage } from 'node:http';

/** Tests only. One message as a browser would be given it. */
export type Received = Readonly<{ id: string; event: string; data: unknown }>;

/** Tests only. A client of Server-Sent Events that keeps what it received and can be waited for. */
export type EventClient = Readonly<{
  status: number;
  headers: IncomingMessage['headers'];
  messages: readonly Received[];
  comments: () => number;
  /** With which it would go on. */
  lastEventId: () => string;
  /** Resolves once something is so; looks after every message, and at the end. */
  until: (isSo: () => boolean) => Promise<void>;
  /** Takes nothing any more until `resume`. */
  pause: () => void;
  resume: () => void;
  /** Resolves when the server has ended the stream or broken it off. */
  ended: Promise<void>;
  leave: () => void;
}>;

const agent = new Agent({ maxSockets: Infinity });

export const openEvents = (url: string, as: string, lastEventId?: string): Promise<EventClient> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${as}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const sent = request(url, { agent, headers }, (answer) => resolve(clientOf(answer)));
    sent.on('error', reject).end();
  });

const clientOf = (answer: IncomingMessage): EventClient => {
  const messages: Received[] = [];
  const looks = new Set<() => void>();
  let [id, comments, unread] = ['', 0, ''];
  const read = (block: string) => {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (name === '') comments += 1;
      else fields.set(name, value);
    }
    id = fields.get('id') ?? id;
    const data = fields.get('data');
    if (data !== undefined) messages.push({ id, event: fields.get('event') ?? '', data: JSON.parse(data) as unknown });
  };
  const lookAgain = () => {
    for (const look of looks) look();
  };
  answer.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (unread + text).split('\n\n');
    unread = blocks.pop() ?? '';
    blocks.forEach(read);
    lookAgain();
  });
  const ended = new Promise<void>((resolve) => {
    answer.on('error', () => undefined).once('close', () => resolve());
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    messages,
    comments: () => comments,
    lastEventId: () => id,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (isSo() && looks.delete(look)) resolve();
        };
        looks.add(look);
        look();
      }),
    pause: () => answer.pause(),
    resume: () => answer.resume(),
    ended,
    leave: () => answer.destroy(),
  };
};
