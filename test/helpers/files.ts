import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { full } from '../../src/index.js';
import { encodeImage } from '../../src/vision/index.js';

/** A PNG of one gray. */
export const plain = (value: number, side = 4): Promise<Uint8Array> =>
  encodeImage(full([3, side, side], value, { dtype: 'uint8' }), 'png');

/** Files within a folder, by their paths. */
export function put(root: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}
