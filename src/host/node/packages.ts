import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { MissingPackageError } from '../../core/errors.js';
import type { Packages } from '../packages.js';

/** The build puts them there. */
const fonts = ['DejaVuSans', 'DejaVuSans-Bold'].map(
  (name) => new URL(`../../../fonts/${name}.ttf.gz`, import.meta.url),
);

// Each import is in a try block, so that bundlers accept that the package may be missing.
export const packages: Packages = {
  async sharp(operation) {
    try {
      return (await import('sharp')).default;
    } catch (cause) {
      throw new MissingPackageError(operation, 'sharp', cause);
    }
  },
  async gpt2Tokens(operation) {
    try {
      return (await import('gpt-tokenizer/bpeRanks/r50k_base')).default;
    } catch (cause) {
      throw new MissingPackageError(operation, 'gpt-tokenizer', cause);
    }
  },
  async resvg(operation) {
    try {
      const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
      await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
      return Resvg;
    } catch (cause) {
      throw new MissingPackageError(operation, '@resvg/resvg-wasm', cause);
    }
  },
  fonts: () => fonts.map((file) => gunzipSync(readFileSync(file))),
};
