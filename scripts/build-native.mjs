// Compiles kernels/ to a Node addon with node-gyp: build/Release/myelin.node, and a copy
// under prebuilds/PLATFORM-ARCH/ for the published tarball. --sanitize builds it with AddressSanitizer
// and UndefinedBehaviorSanitizer to build/Debug/ instead.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where the tarball carries the addon for this machine. */
export const prebuilt = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'myelin.node');

/** node-gyp's script: our own dependency in a checkout, npm's copy where the package is being installed. */
function findNodeGyp() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return process.env.npm_config_node_gyp ?? null;
  }
}

/** Node's own headers where they lie beside the binary, so that nothing has to be downloaded. */
function localHeaders() {
  const prefix = path.dirname(path.dirname(process.execPath));
  return existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** @returns {{ file: string | null, output: string }} the addon, or null and what the tools said */
export function buildNative({ sanitize = false, stdio = 'pipe' } = {}) {
  const nodeGyp = findNodeGyp();
  if (!nodeGyp) return { file: null, output: 'node-gyp was not found' };
  const config = sanitize ? 'Debug' : 'Release';
  const result = spawnSync(
    process.execPath,
    [
      nodeGyp,
      'configure',
      'build',
      `--directory=${root}`,
      sanitize ? '--debug' : '--release',
      `--jobs=${availableParallelism()}`,
      ...localHeaders(),
    ],
    { stdio, encoding: 'utf8' },
  );
  const file = path.join(root, 'build', config, 'myelin.node');
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`;
  if (result.status !== 0 || !existsSync(file)) return { file: null, output };
  if (!sanitize) {
    mkdirSync(path.dirname(prebuilt), { recursive: true });
    rmSync(prebuilt, { force: true }); // a process that has it loaded keeps the old file
    copyFileSync(file, prebuilt);
  }
  return { file, output };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sanitize = process.argv.includes('--sanitize');
  const { file } = buildNative({ sanitize, stdio: 'inherit' });
  process.exitCode = file ? 0 : 1;
}
