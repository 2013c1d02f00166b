import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from '../../testing/serve.js';
import { isSignedBy } from '../../webhooks/signature.js';
import { signatureHeader, type Notice } from '../webhooks/notice.js';

export type NoticeReceiver = Readonly<{
  url: string;
  /** The notices that came, with a good signature, once there are so many. */
  received: (count: number) => Promise<readonly Notice[]>;
  stop: () => Promise<void>;
}>;

/** Tests only: whoever the provider tells. `answer` gives the status for each notice, by how many came before. */
export const receiveNotices = async (
  secret: string,
  answer: (before: number) => number | Promise<number> = () => 202,
): Promise<NoticeReceiver> => {
  const notices: Notice[] = [];
  const waiting = new Set<() => void>();
  const { url, stop } = await serve((req, res) => {
    void buffer(req).then(async (body) => {
      const status = await answer(notices.length);
      if (isSigned(req.headers, body, secret)) notices.push(JSON.parse(body.toString()) as Notice);
      res.writeHead(status).end();
      waiting.forEach((look) => look());
    });
  });
  const received = (count: number) =>
    new Promise<readonly Notice[]>((resolve) => {
      const look = () => {
        if (notices.length < count) return;
        waiting.delete(look);
        resolve([...notices]);
      };
      waiting.add(look);
      look();
    });
  return { url, received, stop };
};

const isSigned = (headers: IncomingHttpHeaders, body: Buffer, secret: string) =>
  isSignedBy(String(headers[signatureHeader.toLowerCase()]), body, { secret, now: Math.floor(Date.now() / 1_000) });
