import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files that workloads read, there as long as the process. */
export const temporary = mkdtempSync(join(tmpdir(), 'myelin-bench-'));
process.once('exit', () => rmSync(temporary, { recursive: true }));
