import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const candidates = [
  ...(process.env.MYELIN_DATA ? [process.env.MYELIN_DATA, join(process.env.MYELIN_DATA, 'cifar-10')] : []),
  fileURLToPath(new URL('../../../shared/data/cifar-10', import.meta.url)),
];

/** Folder with CIFAR-10's files (`MYELIN_DATA`, else ../shared/data), or null: then say so and skip. */
export const cifarFolder = candidates.find((folder) => existsSync(join(folder, 'test_batch.bin.gz'))) ?? null;

if (cifarFolder === null)
  console.log("CIFAR-10 wasn't found (MYELIN_DATA, ../shared/data/cifar-10): its tests are skipped");
