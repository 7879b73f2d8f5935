import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const candidates = [
  ...(process.env.MYELIN_DATA ? [process.env.MYELIN_DATA] : []),
  // From a checkout, and from a worktree beside others.
  ...['../../../shared/data', '../../../../shared/data'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  ),
];

/** Folder with the text data sets (`MYELIN_DATA`, else ../shared/data), or null: then say so and skip. */
export const textFolder = candidates.find((folder) => existsSync(join(folder, 'rt-polarity'))) ?? null;

if (textFolder === null)
  console.log("The text data sets weren't found (MYELIN_DATA, ../shared/data): their tests are skipped");
