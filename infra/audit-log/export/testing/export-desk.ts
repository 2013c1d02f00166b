import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { KeyObject } from 'node:crypto';
import { allStored } from '../../../event-store/testing/all-stored.js';
import { createAuditIndex } from '../../audit-index.js';
import { openCheckpointTarget, type CheckpointTarget } from '../../checkpoint-target.js';
import { createCheckpoints } from '../../checkpoints.js';
import { archiveFiles } from '../../offline/archive-files.js';
import { checkBundle } from '../../offline/check-bundle.js';
import { createReport, type Finding } from '../../offline/report.js';
import { openSigningKey } from '../../signing-key.js';
import { startAuditedEngines, type AuditedEngines, type AuditedStore } from '../../testing/audited-store.js';
import type { Manifest, Selection } from '../bundle-format.js';
import { createExports, type Exports, type ExportsParts } from '../exports.js';

/** Test-only. Who asks for bundles. */
export const by = '4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10';

/** Test-only. An auditor that exports, over a new store for each test; call it before the first of them. */
export const openExportDesk = () => {
  let engines: AuditedEngines;
  let store: AuditedStore;
  let folder: string;
  beforeAll(async () => {
    engines = await startAuditedEngines();
    folder = await mkdtemp(join(tmpdir(), 'evermart-bundles-'));
  });
  beforeEach(async () => {
    store = await engines.openStore();
  });
  afterEach(() => store.end());
  afterAll(async () => {
    await engines.end();
    await rm(folder, { recursive: true });
  });

  const key = () => openSigningKey(join(folder, 'key.pem'));
  const target = () => openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
  const signingTo = (given: CheckpointTarget) =>
    createCheckpoints({ postgres: engines.postgres, target: given, key: key() }).make;
  const exportsWith = (more: Partial<ExportsParts> = {}): Exports => {
    const { postgres } = engines;
    const { eventStore } = store;
    const sign = signingTo(target());
    return createExports({ eventStore, postgres, index: createAuditIndex(postgres), key: key(), sign, ...more });
  };
  const file = () => join(folder, 'bundle.tar.gz');
  const { signal } = new AbortController();
  const open = (selection: Selection, more: Partial<ExportsParts> = {}, until: AbortSignal = signal) =>
    exportsWith(more).open({ selection, by }, until);

  return {
    engines: () => engines,
    store: () => store,
    target,
    signingTo,
    file,
    open,
    /** Signs what is logged, and has something happen before anybody looks for the note. */
    signingBefore: (happens: () => Promise<void>) => async () => {
      await signingTo(target())();
      await happens();
    },
    /** Exports into a file, and gives what is in it. */
    exported: async (selection: Selection, more: Partial<ExportsParts> = {}) => {
      await pipeline(await open(selection, more), createWriteStream(file()));
      const files: Record<string, string> = {};
      for await (const { name, content } of archiveFiles(file())) files[name] = content.toString();
      return { files, manifest: JSON.parse(files['manifest.json'] ?? '') as Manifest };
    },
    /** What the check off line finds in the file. */
    checked: async (publicKey: KeyObject = key().publicKey) => {
      const findings: Finding[] = [];
      const report = createReport((finding) => findings.push(finding));
      await checkBundle(file(), publicKey, report);
      return { isGood: report.isGood(), findings, bad: findings.filter(({ isGood }) => !isGood) };
    },
    everything: () => allStored(store.eventStore),
  };
};

/** Test-only. So many things to store. */
export const numbers = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ number, text: 'größer "\ud83d\ude00"' }));
