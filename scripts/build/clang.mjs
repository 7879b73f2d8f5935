// clang from an npm package (@yowasp/clang), so that no toolchain has to be installed. It keeps its thread busy:
// compilations run in processes of their own, which are this file.
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);

export function clangVersion() {
  const entry = createRequire(import.meta.url).resolve('@yowasp/clang');
  return JSON.parse(readFileSync(path.join(path.dirname(path.dirname(entry)), 'package.json'), 'utf8'))
    .version;
}

/** Runs clang over files by name; the answer is the tree of files that it made, or null, and what it said. */
export async function runClang(args, files) {
  const clang = await import('@yowasp/clang');
  await clang.runLLVM(undefined, {}, { fetchProgress: () => {} }); // loads the compiler without its own progress lines
  const chunks = [];
  const decoder = new TextDecoder();
  const print = (bytes) => bytes && chunks.push(decoder.decode(bytes, { stream: true }));
  try {
    const tree = await clang.runClang(['clang++', ...args], files, { stdout: print, stderr: print });
    return { tree, log: chunks.join('') };
  } catch (error) {
    return { tree: null, log: `${chunks.join('')}${error}\n` };
  }
}

/** A process that compiles one job after the other: a compiler for compileAll, and how to stop it. */
export function startCompiler() {
  const child = fork(script, ['--compile'], { execArgv: ['--no-warnings'] });
  const compile = (job, file) =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error('a compiler process ended early'));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send({ job, file });
    });
  return { compile, stop: () => child.kill() };
}

async function compile({ name, flags, files }, file) {
  const tree = {};
  for (const [included, text] of files) {
    let folder = tree;
    const steps = `kernels/${included}`.split('/');
    for (const step of steps.slice(0, -1)) folder = folder[step] ??= {};
    folder[steps.at(-1)] = text;
  }
  const { tree: made, log } = await runClang([...flags, '-c', `kernels/${name}`, '-o', 'out.o'], tree);
  if (made) writeFileSync(file, made['out.o']);
  return { ok: made !== null, log };
}

if (process.argv[2] === '--compile')
  process.on('message', async ({ job, file }) => process.send(await compile(job, file)));
