// Compiles kernels/ to an addon for Node with the machine's C++ compiler (CXX, default c++). The kernels are compiled
// once for each instruction set that the addon shall have, and the addon picks one when it is loaded.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Cache } from './cache.mjs';
import { BuildError, compileAll, missing } from './compile.mjs';
import { phase, plural } from './phase.mjs';
import { withSharedHeaders } from './shared-headers.mjs';
import { closure, keyOf, readSources, root, unitsOf } from './sources.mjs';

/** Addons for Linux depend on its C library: glibc, or musl. */
const isMusl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
const platform = `${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`;

/** Where the addon for this machine lies, in a checkout as in the published package. */
export const addon = path.join(root, 'prebuilds', platform, 'myelin.node');

const sanitizedAddon = path.join(root, 'build', 'sanitized.node');

const compiler = process.env.CXX || 'c++';

/**
 * The instruction sets of this architecture, best first, and the width of their vectors in bytes. The baseline is for
 * processors without the others: smaller code, so that the package stays small.
 */
const instructionSets = {
  ...(process.arch === 'x64' && {
    avx512: {
      width: 64,
      flags: [
        ...['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mfma'],
        '-mprefer-vector-width=512',
      ],
    },
    avx2: { width: 32, flags: ['-mavx2', '-mfma'] },
  }),
  baseline: { width: 16, flags: process.arch === 'x64' ? ['-O2'] : [] },
};

export const allSets = Object.keys(instructionSets);

const commonFlags = [
  '-std=c++17',
  '-fPIC',
  '-pthread',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
  '-fno-exceptions',
  '-fno-rtti',
  '-fvisibility=hidden',
  '-fno-omit-frame-pointer',
  '-iquotekernels',
  '-Wall',
  '-Wextra',
  '-Wno-unused-parameter',
  '-Wno-psabi',
  '-Wno-maybe-uninitialized',
  '-Wno-unknown-pragmas',
  '-DNAPI_VERSION=8',
  ...(process.platform === 'darwin' ? ['-mmacosx-version-min=11.0'] : []),
];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
const optimized = ['-O3'];
const sanitized = ['-O1', '-g1', ...sanitizers];

const linkFlags =
  process.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup', '-mmacosx-version-min=11.0']
    : ['-shared', '-pthread', '-ldl'];
const stripFlags = process.platform === 'darwin' ? ['-Wl,-x'] : ['-s'];

/** Runs a program in the root folder; the answer is what it printed. @throws {BuildError} if it fails */
function run(program, args) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      const problem = error.code === 'ENOENT' ? "wasn't found" : 'failed';
      reject(new BuildError(`${program} ${problem}`, stderr));
    });
  });
}

/** The compiler and what it compiles for: part of every key. */
async function compilerVersion() {
  const { stdout } = await run(compiler, ['--version']);
  return `${stdout.split('\n')[0]} ${process.platform} ${process.arch}`;
}

/** The folder of node_api.h: from a package in a checkout, else what came with Node. */
function headerFolder() {
  const beside = path.join(path.dirname(path.dirname(process.execPath)), 'include', 'node');
  try {
    return createRequire(import.meta.url)('node-api-headers').include_dir;
  } catch {
    if (existsSync(path.join(beside, 'node_api.h'))) return beside;
    throw new BuildError(`node_api.h wasn't found in ${beside}`);
  }
}

/** How the sources learn which sets there are: MYELIN_SETS(X) is X(name) for each, best first. */
const setsMacro = (sets) => `-DMYELIN_SETS(X)=${sets.map((set) => `X(${set})`).join(' ')}`;

/** The best instruction set of this processor, as the addon will see it. */
async function bestSet() {
  const folder = mkdtempSync(path.join(tmpdir(), 'myelin-'));
  try {
    const program = path.join(folder, 'best-set');
    const source = path.join('scripts', 'build', 'best-set.cc');
    await run(compiler, ['-std=c++17', '-iquotekernels', setsMacro(allSets), source, '-o', program]);
    return (await run(program, [])).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compiled once for each set: the shared kernels and what binds them. */
const inEverySet = (name) => !name.startsWith('native/') || name === 'native/bind.cc';

/** The objects of one set, as the last build left them. */
export async function objectsOf(set) {
  const cache = new Cache('native');
  const jobs = jobsFor([set], false, await compilerVersion());
  return jobs.filter(({ name }) => inEverySet(name)).map(({ object }) => cache.file(object));
}

/**
 * Builds the addon, or one with AddressSanitizer and UndefinedBehaviorSanitizer.
 *
 * @param {string[] | null} wanted the instruction sets that it shall have; null: the best of this processor
 * @returns {Promise<string>} its path
 * @throws {BuildError} if it can't be built; then there's no addon, not even an old one
 */
export async function buildNative(wanted, { sanitize = false } = {}) {
  const target = sanitize ? sanitizedAddon : addon;
  try {
    const cache = new Cache('native');
    const version = await compilerVersion();
    const sets = wanted ?? [await bestSet()];
    const jobs = jobsFor(sets, sanitize, version);
    await makeObjects(cache, jobs, `native kernels, ${sets.join(' ')}${sanitize ? ', sanitized' : ''}`);
    const objects = jobs.map(({ object }) => object);
    const flags = [...linkFlags, ...(sanitize ? sanitizers : stripFlags)];
    const linked = `${keyOf([version, ...flags, ...objects])}.node`;
    if (!cache.has(linked)) {
      const inputs = objects.map((object) => cache.file(object));
      await cache.add(linked, (file) => run(compiler, [...inputs, ...flags, '-o', file]));
    }
    cache.place(linked, target);
    cache.prune();
    return target;
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

/** The addon's own objects first and the baseline's next: of a symbol in several objects the linker takes the first. */
function jobsFor(sets, sanitize, version) {
  const files = readSources();
  const include = headerFolder();
  const nodeHeaders = ['node_api.h', 'node_api_types.h', 'js_native_api.h', 'js_native_api_types.h'].map(
    (name) => readFileSync(path.join(include, name), 'utf8'),
  );
  const job = (name, extra) => {
    const parts = closure(files, name);
    const flags = [...commonFlags, ...optimized, ...extra, ...(sanitize ? sanitized : [])];
    const usesNode = parts.some(([, text]) => text.includes('<node_api.h>'));
    const key = keyOf([version, ...flags, name, ...parts.flat(), ...(usesNode ? nodeHeaders : [])]);
    return { object: `${key}.o`, name, flags: [...flags, `-I${include}`], files: parts };
  };
  const units = unitsOf(files, 'native');
  return [
    ...units.filter((name) => !inEverySet(name)).map((name) => job(name, [setsMacro(sets)])),
    ...sets.toReversed().flatMap((set) => {
      const { width, flags } = instructionSets[set];
      const extra = [...flags, `-DMYELIN_ISA=${set}`, `-DMYELIN_VECTOR_BYTES=${width}`];
      return units.filter(inEverySet).map((name) => job(name, extra));
    }),
  ];
}

async function makeObjects(cache, jobs, what) {
  const todo = missing(cache, jobs);
  if (todo.length === 0) return;
  const runCompiler = (args) => run(compiler, args);
  await phase(`${what}: compiling ${plural(todo.length, 'file')}`, (progress) =>
    withSharedHeaders(todo, runCompiler, async (headersFor) => {
      const compile = async (job, file) => {
        const args = [...job.flags, ...headersFor(job), '-c', `kernels/${job.name}`, '-o', file];
        return runCompiler(args).then(
          ({ stderr }) => ({ ok: true, log: stderr }),
          ({ log }) => ({ ok: false, log }),
        );
      };
      const compilers = Array.from({ length: availableParallelism() }, () => compile);
      await compileAll(cache, todo, compilers, progress);
    }),
  );
}
