// Builds what this machine needs, or everything.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BuildError } from './build/compile.mjs';
import { allSets, buildNative } from './build/native.mjs';
import { phase } from './build/phase.mjs';
import { root } from './build/sources.mjs';
import { allModules, buildWasm } from './build/wasm.mjs';

const help = `npm run build [-- native|wasm|ts …] [--all]: builds what this machine needs

  native  the addon, with the best instruction set of this processor; --all: with every one
  wasm    the WebAssembly modules; unless you ask for them, only Node's, and only where there's no addon
  ts      dist/

Everything is cached by content: what is up to date costs nothing.`;

const targets = ['native', 'wasm', 'ts'];
/** The module that every Node from 20 on runs. */
const nodesModule = 'relaxed';

async function native(sets, required) {
  try {
    await buildNative(sets);
    return true;
  } catch (error) {
    if (required || !(error instanceof BuildError)) throw error;
    console.log(
      `no native kernels (${error.message}): WebAssembly serves; \`npm run build:native\` says more`,
    );
    return false;
  }
}

/** Runs a tool of this project. @throws {BuildError} if it fails */
function tool(script, args, problem) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new BuildError(problem, stdout + stderr);
}

/** Removes what dist/ has of sources that are gone. */
function removeStale() {
  const list = (folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = new Set(list('src').map((file) => file.replace(/\.ts$/, '')));
  for (const file of list('dist'))
    if (/\.(js|d\.ts)$/.test(file) && !sources.has(file.replace(/\.(js|d\.ts)$/, '')))
      rmSync(path.join(root, 'dist', file));
}

async function typescript() {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  await phase('TypeScript: compiling', () => {
    tool(path.join(path.dirname(manifest), bin.tsc), ['-p', 'tsconfig.json'], "src/ doesn't compile");
    removeStale();
    tool('scripts/declarations.mjs', [], "the declarations couldn't be sorted out");
    tool('scripts/third-party.mjs', [], "what Myelin carries of others couldn't be made");
  });
}

async function build(words) {
  const all = words.includes('--all');
  const named = words.filter((word) => word !== '--all');
  const unknown = named.find((word) => !targets.includes(word));
  if (unknown !== undefined) throw new BuildError(`build: there's no '${unknown}'`, help);
  const asked = (target) => named.length === 0 || named.includes(target);
  const isNative = asked('native') && (await native(all ? allSets : null, named.includes('native')));
  if (asked('ts')) await typescript();
  if (asked('wasm')) {
    const whole = all || named.includes('wasm');
    await buildWasm(whole ? allModules : isNative ? [] : [nodesModule]);
  }
}

const words = process.argv.slice(2);
if (words.includes('--help')) console.log(help);
else
  await build(words).catch((error) => {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.log ? `${error.message}\n${error.log.trimEnd()}` : error.message);
    process.exitCode = 1;
  });
