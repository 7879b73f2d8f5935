// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the op suite and the engines' tests under them.
// Arguments go to vitest (default: test/ops, test/engine and t-SNE, whose kernels only its tests reach); MYELIN_ISA picks the instruction set (default: the best).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative } from './build-native.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { file } = buildNative({ sanitize: true, stdio: ['ignore', 'ignore', 'inherit'] });
if (!file) process.exit(1);

/** The sanitizer has to be in the process from its start, and node does not bring it. */
const compiler = process.env.CXX ?? 'g++';
const runtime = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.trim();

const files = process.argv.slice(2);
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...(files.length > 0 ? files : ['test/ops', 'test/engine', 'test/metrics/tsne.test.ts'])],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      LD_PRELOAD: runtime,
      ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      MYELIN_ADDON: file,
      MYELIN_TEST_ENGINES: 'native',
    },
  },
);
process.exitCode = status ?? 1;
