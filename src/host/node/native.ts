import { constants } from 'node:buffer';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { NativeHost } from '../host.js';

const root = new URL('../../../', import.meta.url);

/** Built in this checkout, or carried by the published package. */
const candidates = ['build/Release/myelin.node', `prebuilds/${process.platform}-${process.arch}/myelin.node`];

function loadAddon(): unknown {
  const require = createRequire(import.meta.url);
  for (const candidate of process.env.MYELIN_ADDON ? [process.env.MYELIN_ADDON] : candidates) {
    const path = fileURLToPath(new URL(candidate, root));
    if (!existsSync(path)) continue;
    try {
      return require(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') throw error;
    }
  }
  return null;
}

let loaded: NativeHost | null | undefined;

/** The addon for this machine; null if there is none. */
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
