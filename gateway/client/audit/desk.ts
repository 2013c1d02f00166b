import type { Telling } from '../../../infra/audit-log/offline/conclusion.js';
import type { Progress } from '../../../infra/process/progress.js';
import type { AuditApi } from './audit-api.js';

/** What the commands work with. */
export type Desk = Telling &
  Readonly<{
    /** Finds the platform and signs in. @throws Error with a sentence for a person. */
    open: (url: string | undefined) => Promise<AuditApi>;
    /** A line about what goes on. */
    note: (text: string) => void;
    openProgress: () => Progress;
    /** Aborts when somebody wants to leave. */
    signal: AbortSignal;
  }>;

/** What every command takes. */
export type Common = Readonly<{ url?: string; json?: boolean }>;

/** A value as JSON for people who read it and programs alike. */
export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);
