import { constants } from 'node:buffer';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeHost } from '../host.js';

/** The instruction sets that scripts/build/native.mjs can build. */
export const nativeSets = process.arch === 'x64' ? ['avx512', 'avx2', 'baseline'] : ['baseline'];

const platform = `${process.platform}-${process.arch}`;
/** On Linux it depends on the C library: an addon for another one doesn't load. */
const platforms = process.platform === 'linux' ? [platform, `${platform}-musl`] : [platform];

/** An installed package for this platform, or what was built here. */
const candidates = [
  ...platforms.map((name) => `@myelin/${name}`),
  ...platforms.map((name) =>
    fileURLToPath(new URL(`../../../prebuilds/${name}/myelin.node`, import.meta.url)),
  ),
];

function loadAddon(): unknown {
  const require = createRequire(import.meta.url);
  const { MYELIN_ADDON: chosen } = process.env;
  for (const candidate of chosen ? [resolve(chosen)] : candidates) {
    try {
      return require(candidate);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_DLOPEN_FAILED') throw error;
    }
  }
  return null;
}

let loaded: NativeHost | null | undefined;

/** The addon for this machine, or null. */
export function native(): NativeHost | null {
  if (loaded === undefined) {
    const addon = loadAddon();
    loaded =
      addon === null
        ? null
        : {
            addon,
            largestBuffer: constants.MAX_LENGTH,
            // Uninitialized, and never part of Buffer's shared pool.
            newBuffer: (bytes) => Buffer.allocUnsafeSlow(bytes).buffer,
          };
  }
  return loaded;
}
