import { DomainError } from '../../../domains/shared/errors.js';
import { instantOf } from '../../../domains/shared/instant.js';
import { fields, id, optional, parseBy, text } from '../../../domains/shared/parse.js';
import type { Selection } from './bundle-format.js';
import type { ExportRequest } from './exports.js';

const parseFields = parseBy(
  fields({
    by: id,
    selection: fields({
      ...{ stream: optional(text(300)), correlationId: optional(text(200)) },
      ...{ from: optional(text(40)), to: optional(text(40)) },
    }),
  }),
);

/** What another process asks to be exported. @throws DomainError `command.invalid`; `request.invalid` as `selectionOf`. */
export const parseExportRequest = (body: unknown): ExportRequest => {
  const { by, selection } = parseFields(body);
  return { by, selection: selectionOf(selection) };
};

type Given = Readonly<Record<'stream' | 'correlationId' | 'from' | 'to', string | null | undefined>>;

/** The one selection among what was given. @throws DomainError `request.invalid` where it is none, or several. */
export const selectionOf = ({ stream, correlationId, from, to }: Partial<Given>): Selection => {
  const given = [
    ...(stream == null ? [] : [{ stream }]),
    ...(correlationId == null ? [] : [{ correlationId }]),
    ...(from == null && to == null ? [] : [periodOf(from, to)]),
  ];
  const [selection] = given;
  if (!selection || given.length > 1) throw invalid('', 'must have one of stream, correlationId, or from and to');
  return selection;
};

const periodOf = (from: string | null | undefined, to: string | null | undefined): Selection => {
  // In UTC, so that instants are in the order of their texts.
  const period = { from: instantOf('from', from).toISOString(), to: instantOf('to', to).toISOString() };
  if (period.from >= period.to) throw invalid('/to', 'must be later than from');
  return period;
};

const invalid = (pointer: string, detail: string) =>
  new DomainError('request.invalid', `${pointer === '' ? 'The body' : pointer.slice(1)} ${detail}`, [
    { pointer, detail },
  ]);
