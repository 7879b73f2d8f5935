// Writes the files that are made from others.
//
//   npm run generate             write them
//   npm run generate -- --check  fail if one isn't what would be written
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as abiVersion from './generate/abi-version.mjs';
import * as habits from './generate/habits.mjs';
import * as kernels from './generate/kernels.mjs';
import * as methods from './generate/methods.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** TypeScript in the project's format. */
const formatted = (file, text) =>
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', `--stdin-file-path=${file}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });

const stale = [];
for (const { file, make } of [kernels, abiVersion, methods, habits]) {
  const made = await make(root);
  const text = file.endsWith('.ts') ? formatted(file, made) : made;
  if (text === readFileSync(join(root, file), 'utf8')) continue;
  stale.push(file);
  if (!check) writeFileSync(join(root, file), text);
}
if (check && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}\n  hint: npm run generate`);
  process.exitCode = 1;
} else console.log(stale.length === 0 ? 'up to date' : `wrote ${stale.join(', ')}`);
