import { signatureOf } from '../../webhooks/signature.js';
import { signatureHeader } from './notice.js';

const answerWithinMs = 10_000;

/** Posts a notice, signed at that moment. It throws an Error unless it was taken (2xx). */
export type PostNotice = (body: string, signal: AbortSignal) => Promise<void>;

export const createPostNotice =
  ({ url, secret }: Readonly<{ url: string; secret: string }>): PostNotice =>
  async (body, signal) => {
    const signature = signatureOf(body, { secret, at: Math.floor(Date.now() / 1_000) });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [signatureHeader]: signature },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The receiver of notices answered ${response.status}`);
  };
