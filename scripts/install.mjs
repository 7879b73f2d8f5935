// npm's install step for a published package: it uses the addon that it carries if that loads on this machine, and
// compiles one otherwise. Without a compiler nothing is lost but speed. A checkout is built by `prepare`.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BuildError } from './build/compile.mjs';
import { addon, bestSet, buildNative } from './build/native.mjs';
import { root } from './build/sources.mjs';

const isCheckout = existsSync(path.join(root, 'src'));

function loads(file) {
  try {
    createRequire(import.meta.url)(file);
    return true;
  } catch {
    return false;
  }
}

if (!isCheckout && !loads(addon)) {
  try {
    await buildNative([await bestSet()]);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.log(`myelin: no native kernels (${error.message}); the WebAssembly engine will serve.`);
  }
}
