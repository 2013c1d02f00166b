import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether what somebody shows is a secret. It takes as long for one that is nearly right, or as long, as for any other. */
export const isSameSecret = (shown: string, secret: string): boolean => timingSafeEqual(hashOf(shown), hashOf(secret));

const hashOf = (text: string) => createHash('sha256').update(text).digest();
