import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const candidates = [
  ...(process.env.MYELIN_DATA ? [process.env.MYELIN_DATA, join(process.env.MYELIN_DATA, 'mnist')] : []),
  fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url)),
];

/** Folder with MNIST's files (`MYELIN_DATA`, else ../shared/data), or null: then say so and skip. */
export const mnistFolder =
  candidates.find((folder) => existsSync(join(folder, 'train-images-idx3-ubyte.gz'))) ?? null;

if (mnistFolder === null)
  console.log("MNIST wasn't found (MYELIN_DATA, ../shared/data/mnist): its tests are skipped");
