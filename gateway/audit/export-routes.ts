import { IsOptional } from 'class-validator';
import type { BundleSource } from '../../infra/audit-log/export/bundle-source.js';
import { selectionOf } from '../../infra/audit-log/export/export-request.js';
import { Example, Formed, Instant } from '../http/fields.js';
import { examples } from '../http/examples.js';
import { route, type Route, type Sink, type StreamedAnswer } from '../http/route.js';
import { bundle } from '../http/success.js';
import { auditors } from './access.js';
import { uuidPattern } from './names.js';

export type ExportParts = Readonly<{ bundles: BundleSource }>;

@Example({ stream: `order-${examples.orderId}` })
export class ExportSelection {
  @IsOptional()
  @Formed(/^[a-z]{1,40}-[A-Za-z0-9._:-]{1,128}$/, 'a stream, such as order- and an id')
  stream?: string;

  @IsOptional()
  @Formed(uuidPattern, 'a UUID')
  correlationId?: string;

  @IsOptional()
  @Instant()
  from?: string;

  @IsOptional()
  @Instant()
  to?: string;
}

/** Copies of the record that prove themselves. */
export const exportRoutes = ({ bundles }: ExportParts): readonly Route[] => [
  route(
    'POST',
    '/audit/exports',
    {
      id: 'exportBundle',
      summary: 'A stream, a correlation or a period as a signed bundle, which is checked off line',
      access: auditors,
      body: ExportSelection,
      answers: bundle,
      refuses: [
        ...(['audit.no_such_stream', 'audit.no_such_category', 'audit.no_such_correlation'] as const),
        ...(['audit.not_logged', 'audit.too_many_events', 'audit.tampered'] as const),
        ...(['service.unavailable', 'service.timeout'] as const),
      ],
    },
    async ({ body, caller }): Promise<StreamedAnswer> => {
      const leaving = new AbortController();
      const bytes = await bundles.open({ selection: selectionOf(body), by: caller.userId }, leaving.signal);
      return {
        status: 200,
        headers: { 'content-type': bundle.mediaType, 'content-disposition': 'attachment; filename="bundle.tar.gz"' },
        stream: (sink, signal) => handOn(bytes, { sink, signal, leaving }),
      };
    },
  ),
];

/** As fast as the client takes it; whoever leaves ends it at the auditor, and so does this server where it closes. */
const handOn = async (
  bytes: AsyncIterable<Uint8Array>,
  { sink, signal, leaving }: Readonly<{ sink: Sink; signal: AbortSignal; leaving: AbortController }>,
) => {
  const leave = () => leaving.abort();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    for await (const chunk of bytes) await sink.write(chunk);
  } catch (error) {
    if (!signal.aborted) throw error;
    // Whoever is still there is not to take what has come for the whole.
    sink.drop();
  } finally {
    signal.removeEventListener('abort', leave);
  }
};
