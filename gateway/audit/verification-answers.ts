import { IsOptional } from 'class-validator';
import { Bool, Digits, Example, Instant, Integer, Nullable, One, OneOf, Text } from '../http/fields.js';
import { checkpointExample } from './checkpoint-example.js';

export class FirstDifferenceAnswer {
  @Digits()
  position!: string;

  @Nullable()
  @Text(300)
  stream!: string | null;

  @Nullable()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  revision!: number | null;

  @OneOf(['changed', 'removed', 'inserted', 'reordered', 'index', 'checkpoint'])
  kind!: string;
}

export class VerificationProgressAnswer {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  done!: number;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  total!: number;
}

const exampleId = '9a3b7c1d-2e4f-4a6b-8c0d-1e2f3a4b5c6d';
const verified = { through: '81204', checkpoint: checkpointExample };

@Example({ id: exampleId, state: 'running', progress: { done: 40_000, total: 81_205 }, ...verified })
export class VerificationAnswer {
  @Text(36)
  id!: string;

  @OneOf(['running', 'done', 'failed'])
  state!: string;

  @One(VerificationProgressAnswer)
  progress!: VerificationProgressAnswer;

  @IsOptional()
  @Bool()
  intact?: boolean;

  @IsOptional()
  @Digits()
  through?: string;

  @IsOptional()
  @Text(1_000)
  checkpoint?: string;

  @IsOptional()
  @One(FirstDifferenceAnswer)
  firstDifference?: FirstDifferenceAnswer;

  @IsOptional()
  @OneOf(['checkpoints_unreachable', 'internal_error'])
  failure?: string;

  @IsOptional()
  @Instant()
  completedAt?: string;
}

@Example({ id: exampleId, intact: true, ...verified, completedAt: '2026-03-14T09:26:53.589Z' })
export class CompletedVerificationAnswer {
  @Text(36)
  id!: string;

  @Bool()
  intact!: boolean;

  @Nullable()
  @Digits()
  through!: string | null;

  @Nullable()
  @Text(1_000)
  checkpoint!: string | null;

  @IsOptional()
  @One(FirstDifferenceAnswer)
  firstDifference?: FirstDifferenceAnswer;

  @Instant()
  completedAt!: string;
}
