import { workerData } from 'node:worker_threads';
import { backUp } from './backup.js';

const { file, copy } = workerData as Readonly<{ file: string; copy: string }>;
backUp(file, copy);
