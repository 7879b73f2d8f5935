// Compiles kernels/ to WebAssembly modules in wasm/: SIMD and relaxed SIMD, linked for threads on shared memory. Where
// there's none, the import of the memory is changed when a module is loaded.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Cache } from './cache.mjs';
import { clangVersion, runClang, startCompiler } from './clang.mjs';
import { BuildError, compileAll, missing } from './compile.mjs';
import { phase, plural } from './phase.mjs';
import { closure, keyOf, readSources, root, unitsOf } from './sources.mjs';

const target = '--target=wasm32-wasip1';
const compileFlags = [
  target,
  '-std=c++17',
  '-O3',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
  '-fno-exceptions',
  '-fno-rtti',
  '-matomics',
  '-mbulk-memory',
  '-msimd128',
  '-iquotekernels',
  '-Wall',
  '-Wno-unknown-pragmas',
  '-Wno-pass-failed',
  '-DMYELIN_ISA=wasm',
  '-DMYELIN_VECTOR_BYTES=16',
];
const instructionSets = { simd: [], relaxed: ['-DMYELIN_RELAXED_SIMD'] };
const linkFlags = [
  target,
  '-nostartfiles',
  '-Wl,--no-entry',
  '-Wl,--import-memory',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=1048576',
  '-Wl,--initial-memory=16777216',
  '-Wl,--max-memory=4294967296',
  '-Wl,--export=__wasm_call_ctors',
  '-Wl,--export=__stack_pointer',
  '-Wl,--strip-all',
  '-Wl,--shared-memory',
  '-Wl,--export=__wasm_init_tls',
  '-Wl,--export=__tls_size',
  '-Wl,--export=__tls_align',
];

export const allModules = Object.keys(instructionSets);

const folder = path.join(root, 'wasm');
const fileOf = (module) => path.join(folder, `${module}.wasm`);

/**
 * Builds these modules. Others stay if they're up to date, and are removed otherwise.
 *
 * @param {string[]} modules
 * @throws {BuildError} if one can't be built
 */
export async function buildWasm(modules) {
  const cache = new Cache('wasm');
  const plans = planAll();
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const plan = plans.find(({ module }) => file === `${module}.wasm`);
    const stays = plan && (modules.includes(plan.module) || cache.isPlaced(plan.linked, fileOf(plan.module)));
    if (!stays) rmSync(path.join(folder, file));
  }
  const wanted = plans.filter(({ module }) => modules.includes(module));
  await makeObjects(
    cache,
    missing(
      cache,
      wanted.flatMap(({ jobs }) => jobs),
    ),
  );
  const unlinked = wanted.filter(({ linked }) => !cache.has(linked));
  if (unlinked.length > 0)
    await phase(`WebAssembly: linking ${plural(unlinked.length, 'module')}`, async () => {
      for (const plan of unlinked) await link(cache, plan);
    });
  for (const { module, linked } of wanted) cache.place(linked, fileOf(module));
  cache.prune();
}

/** For each module, what is compiled, how it is linked, and its name in the cache. */
function planAll() {
  const version = clangVersion();
  const files = readSources();
  const units = unitsOf(files, 'wasm');
  return Object.entries(instructionSets).map(([module, setFlags]) => {
    const jobs = units.map((name) => {
      const parts = closure(files, name);
      // What uses nothing of the set serves all sets with one object.
      const fused = parts.some(
        ([included, text]) => !included.endsWith('simd.h') && text.includes('MYELIN_FUSED'),
      );
      const flags = [...compileFlags, ...(fused ? setFlags : [])];
      return { object: `${keyOf([version, ...flags, ...parts.flat()])}.o`, name, flags, files: parts };
    });
    const linked = `${keyOf([version, ...linkFlags, ...jobs.map(({ object }) => object)])}.wasm`;
    return { module, jobs, linked };
  });
}

async function makeObjects(cache, todo) {
  if (todo.length === 0) return;
  const count = Math.min(8, availableParallelism(), todo.length);
  const processes = Array.from({ length: count }, startCompiler);
  try {
    await phase(`WebAssembly: compiling ${plural(todo.length, 'file')}`, (progress) =>
      compileAll(
        cache,
        todo,
        processes.map(({ compile }) => compile),
        progress,
      ),
    );
  } finally {
    for (const { stop } of processes) stop();
  }
}

async function link(cache, { module, jobs, linked }) {
  const tree = Object.fromEntries(jobs.map(({ object }, i) => [`${i}.o`, readFileSync(cache.file(object))]));
  const { tree: made, log } = await runClang([...linkFlags, ...Object.keys(tree), '-o', 'out.wasm'], tree);
  if (!made) throw new BuildError(`${module} doesn't link`, log);
  await cache.add(linked, (file) => writeFileSync(file, made['out.wasm']));
}
