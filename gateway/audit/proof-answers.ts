import { IsOptional } from 'class-validator';
import { Digits, Example, Formed, Instant, Integer, ListOf, ListOfTexts, Nullable, Text } from '../http/fields.js';
import { examples } from '../http/examples.js';
import { checkpointExample } from './checkpoint-example.js';

const sha256InBase64 = 'q1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=';

const Sha256 = () => Formed(/^[A-Za-z0-9+/]{43}=$/, 'a hash of SHA-256 in base64');

/** A tree of so many levels has more leaves than numbers can count. */
const mostHashes = 128;

@Example({
  ...{ position: '4711', stream: `order-${examples.orderId}`, revision: 0, index: 4_710, size: 81_205 },
  event: `{"contentType":"application/json","created":1769851800123,"data":{"orderId":"${examples.orderId}"},…}`,
  ...{ digest: sha256InBase64, hashes: [sha256InBase64], checkpoint: checkpointExample },
})
export class ProofAnswer {
  @Digits()
  position!: string;

  @Text(300)
  stream!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  revision!: number;

  /** The canonical text whose SHA-256 the digest is to be. */
  @Nullable()
  @Text(10_000_000)
  event!: string | null;

  @Sha256()
  digest!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  index!: number;

  @Integer(1, Number.MAX_SAFE_INTEGER)
  size!: number;

  @ListOfTexts(mostHashes)
  hashes!: string[];

  @Text(1_000)
  checkpoint!: string;
}

export class ConsistencyQuery {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  from!: number;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  to!: number;
}

@Example({ from: 81_000, to: 81_205, hashes: [sha256InBase64] })
export class ConsistencyAnswer extends ConsistencyQuery {
  @ListOfTexts(mostHashes)
  hashes!: string[];
}

export class CheckpointsQuery {
  @IsOptional()
  @Integer(1, 100)
  limit?: number;

  @IsOptional()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  cursor?: number;
}

export class CheckpointAnswer {
  @Integer(1, Number.MAX_SAFE_INTEGER)
  size!: number;

  @Digits()
  position!: string;

  @Text(1_000)
  checkpoint!: string;

  @Instant()
  madeAt!: string;
}

@Example({
  items: [{ size: 81_205, position: '81204', checkpoint: checkpointExample, madeAt: '2026-03-14T09:26:50.000Z' }],
  nextCursor: null,
  publicKey: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n',
})
export class CheckpointsAnswer {
  @ListOf(CheckpointAnswer, 100)
  items!: CheckpointAnswer[];

  @Nullable()
  @Digits()
  nextCursor!: string | null;

  /** As PEM: for comparing, since whoever checks has it from elsewhere. */
  @Nullable()
  @Text(1_000)
  publicKey!: string | null;
}
