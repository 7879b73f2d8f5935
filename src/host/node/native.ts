import { constants } from 'node:buffer';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { NativeHost } from '../host.js';

/** Built in this checkout, or carried by the published package. */
const addonUrl = new URL(
  `../../../prebuilds/${process.platform}-${process.arch}/myelin.node`,
  import.meta.url,
);

/** The instruction sets that scripts/build/native.mjs can build. */
export const nativeSets = process.arch === 'x64' ? ['avx512', 'avx2', 'baseline'] : ['baseline'];

function loadAddon(): unknown {
  const path = process.env.MYELIN_ADDON || fileURLToPath(addonUrl);
  if (!existsSync(path)) return null;
  try {
    return createRequire(import.meta.url)(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') throw error;
    return null;
  }
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
