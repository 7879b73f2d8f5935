import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import type { Packages } from '../packages.js';

/** The build puts them there. */
const fonts = ['DejaVuSans', 'DejaVuSans-Bold'].map(
  (name) => new URL(`../../../fonts/${name}.ttf.gz`, import.meta.url),
);

export const packages: Packages = {
  sharp: async () => (await import('sharp')).default,
  async resvg() {
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
    await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return Resvg;
  },
  fonts: () => fonts.map((file) => gunzipSync(readFileSync(file))),
};
