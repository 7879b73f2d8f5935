// Compiles kernels/ to WebAssembly with @yowasp/clang (clang as an npm package, so no toolchain has to be
// installed). Four modules come out, in wasm/: SIMD and relaxed SIMD, each with threads on shared memory
// and without. Objects are kept under .cache/wasm by the hash of all that goes into them.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);
const root = path.dirname(path.dirname(script));
const cache = path.join(root, '.cache', 'wasm');
const output = path.join(root, 'wasm');

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
];
const linkings = {
  threads: [
    '-Wl,--shared-memory',
    '-Wl,--export=__wasm_init_tls',
    '-Wl,--export=__tls_size',
    '-Wl,--export=__tls_align',
  ],
  single: [],
};

const clangVersion = JSON.parse(readFileSync(findClang(), 'utf8')).version;

function findClang() {
  const entry = createRequire(import.meta.url).resolve('@yowasp/clang');
  return path.join(path.dirname(path.dirname(entry)), 'package.json');
}

/** Source files by name relative to kernels/: what is compiled, and every header. */
function readSources() {
  const files = new Map();
  for (const name of readdirSync(path.join(root, 'kernels'), { recursive: true })) {
    const portable = name.split(path.sep).join('/');
    if (/\.(h|cc)$/.test(portable) && !portable.startsWith('native/'))
      files.set(portable, readFileSync(path.join(root, 'kernels', name), 'utf8'));
  }
  return files;
}

/** All that a file includes, itself first, in a fixed order. */
function closure(files, name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, included] of files.get(name).matchAll(/^\s*#include "([^"]+)"/gm)) {
    const beside = path.posix.join(path.posix.dirname(name), included);
    if (files.has(beside)) closure(files, beside, seen);
    else if (files.has(included)) closure(files, included, seen);
  }
  return seen;
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 32);
}

async function runTool(args, files) {
  const { runClang, runLLVM } = await import('@yowasp/clang');
  await runLLVM(undefined, {}, { fetchProgress: () => {} }); // loads the compiler without its own progress lines
  const chunks = [];
  const decoder = new TextDecoder();
  const print = (bytes) => bytes && chunks.push(decoder.decode(bytes, { stream: true }));
  try {
    return {
      tree: await runClang(args, files, { stdout: print, stderr: print }),
      log: chunks.join(''),
    };
  } catch (error) {
    return { tree: null, log: `${chunks.join('')}${error}\n` };
  }
}

/** One compilation, in a worker process; the answer is the compiler's log and whether it went well. */
async function compile({ name, flags, object, files }) {
  const tree = {};
  for (const [included, text] of files) {
    let folder = tree;
    const steps = `kernels/${included}`.split('/');
    for (const step of steps.slice(0, -1)) folder = folder[step] ??= {};
    folder[steps.at(-1)] = text;
  }
  const args = ['clang++', ...flags, '-c', `kernels/${name}`, '-o', 'out.o'];
  const { tree: made, log } = await runTool(args, tree);
  if (made) writeFileSync(path.join(cache, object), made['out.o']);
  return { ok: made !== null, log };
}

/** Runs the jobs in at most two processes, the longest sources first. */
async function compileAll(jobs) {
  const waiting = jobs.toSorted((a, b) => b.cost - a.cost);
  let done = 0;
  const failures = [];
  async function worker() {
    const child = fork(script, ['--worker'], { execArgv: ['--no-warnings'] });
    try {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        const answer = await new Promise((resolve, reject) => {
          child.once('message', resolve);
          child.once('exit', () => reject(new Error('a compiler process ended early')));
          child.send(job);
        });
        child.removeAllListeners('exit');
        console.log(
          `[${++done}/${jobs.length}] ${job.name}${job.flags.length > compileFlags.length ? ' (relaxed)' : ''}`,
        );
        if (answer.log) process.stderr.write(answer.log);
        if (!answer.ok) failures.push(job.name);
      }
    } finally {
      child.kill();
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism(), jobs.length) }, worker));
  if (failures.length > 0) throw new Error(`did not compile: ${failures.join(', ')}`);
}

async function link(objects, linking, file) {
  const tree = Object.fromEntries(
    objects.map((object, i) => [`${i}.o`, readFileSync(path.join(cache, object))]),
  );
  const args = ['clang++', ...linkFlags, ...linkings[linking], ...Object.keys(tree), '-o', 'out.wasm'];
  const { tree: made, log } = await runTool(args, tree);
  if (log) process.stderr.write(log);
  if (!made) throw new Error(`${path.basename(file)} did not link`);
  writeFileSync(file, made['out.wasm']);
}

/** Forgets objects that no build has used for a week. */
function prune() {
  const oldest = Date.now() - 7 * 24 * 3600 * 1000;
  for (const name of readdirSync(cache)) {
    const file = path.join(cache, name);
    if (statSync(file).mtimeMs < oldest) rmSync(file);
  }
}

async function build() {
  mkdirSync(cache, { recursive: true });
  mkdirSync(output, { recursive: true });
  const files = readSources();
  const units = [...files.keys()].filter((name) => /^(wasm\/)?[^/]+\.cc$/.test(name)).sort();
  const jobs = new Map();
  const plans = [];
  for (const set of Object.keys(instructionSets)) {
    const objects = units.map((name) => {
      const parts = [...closure(files, name)].sort().map((included) => [included, files.get(included)]);
      // What uses nothing of the set serves all sets with one object.
      const fused = parts.some(([included, text]) => included !== 'simd.h' && text.includes('MYELIN_FUSED'));
      const flags = [...compileFlags, ...(fused ? instructionSets[set] : [])];
      const object = `${hash([clangVersion, ...flags, ...parts.flat()])}.o`;
      const file = path.join(cache, object);
      if (existsSync(file)) utimesSync(file, new Date(), new Date());
      else jobs.set(object, { name, flags, object, files: parts, cost: files.get(name).length });
      return object;
    });
    for (const linking of Object.keys(linkings)) plans.push({ set, linking, objects });
  }
  if (jobs.size > 0) await compileAll([...jobs.values()]);
  for (const { set, linking, objects } of plans) {
    const file = path.join(output, `${set}-${linking}.wasm`);
    const stamp = path.join(
      cache,
      `${hash([clangVersion, ...linkFlags, ...linkings[linking], ...objects])}.linked`,
    );
    if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash([readFileSync(file)]))
      continue;
    await link(objects, linking, file);
    writeFileSync(stamp, hash([readFileSync(file)]));
    console.log(`${path.relative(root, file)}: ${(statSync(file).size / 1024).toFixed(0)} KB`);
  }
  prune();
}

if (process.argv[2] === '--worker') {
  process.on('message', async (job) => process.send(await compile(job)));
} else {
  await build();
}
