// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the op suite and the engines' tests under them.
// Arguments go to vitest (default: test/ops, test/engine, and the tests of t-SNE and word vectors, which alone reach those
// kernels); MYELIN_ISA picks the instruction set (default: the best).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sanitizedEnvironment } from './sanitized.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const files = process.argv.slice(2);
const usual = ['test/ops', 'test/engine', 'test/analysis/tsne.test.ts', 'test/text/vectors'];
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...(files.length > 0 ? files : usual)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(await sanitizedEnvironment()),
    MYELIN_TEST_ENGINES: 'native',
  },
});
process.exitCode = status ?? 1;
