import { fields, id, parseBy, text } from '../../../../domains/shared/parse.js';
import type { NoticeKind, ReceivedNotice } from '../../webhooks/notice.js';

/** The header that carries the signature of a notice. */
export const signatureHeader = 'Payment-Signature';

/** What the simulated provider posts: `reference` is that of what took effect, null where nothing did. */
export type Notice = Readonly<{
  id: string;
  kind: NoticeKind;
  orderId: string;
  reference: string | null;
  createdAt: string;
}>;

const parseFields = parseBy(fields({ id, orderId: id, kind: text(100) }));

/** What the body of a notice says. @throws DomainError `command.invalid` where it is none. */
export const noticeInBody = (body: unknown): ReceivedNotice => {
  const { id: noticeId, orderId, kind } = parseFields(body);
  return { noticeId, orderId, kind };
};
