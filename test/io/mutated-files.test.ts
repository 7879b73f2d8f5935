import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { MyelinError } from '../../src/core/errors.js';
import { onWarning } from '../../src/core/warn.js';
import { readCsv } from '../../src/data/index.js';
import { Tensor, tensor } from '../../src/index.js';
import * as io from '../../src/io/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
const warnings = onWarning(() => {});
afterAll(() => {
  rmSync(folder, { recursive: true });
  onWarning(warnings);
});

/** Whole numbers below n, the same each time. */
function draws(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
}

/** A file with up to four faults: bytes changed, doubled, or cut off. */
function mutated(bytes: Uint8Array, random: (n: number) => number): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let faults = 1 + random(4); faults > 0 && out.length > 1; faults--) {
    const at = random(out.length);
    const kind = random(4);
    if (kind === 0) out[at] = random(256);
    else if (kind === 1) out[at]! ^= 1 << random(8);
    else if (kind === 2) out = out.slice(0, 1 + at);
    else {
      const from = random(out.length);
      const doubled = out.subarray(from, from + random(20));
      out = new Uint8Array([...out.subarray(0, at), ...doubled, ...out.subarray(at)]);
    }
  }
  return out;
}

/** Reads all that a value holds, as who asks for it does. */
function touch(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 40) return;
  if (value instanceof Tensor) {
    if (value.count < 1e6) value.dataSync();
  } else if (value instanceof Map || value instanceof Set) for (const item of value) touch(item, depth + 1);
  else
    for (const key of Object.keys(value)) {
      try {
        touch((value as Record<string, unknown>)[key], depth + 1);
      } catch (error) {
        expect(error).toBeInstanceOf(MyelinError);
      }
    }
}

const base64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const torchFolder = fileURLToPath(new URL('../recordings/torch/', import.meta.url));
const npy = JSON.parse(readFileSync(new URL('../recordings/npy.json', import.meta.url), 'utf8')) as {
  cases: { file: string }[];
  refused: Record<string, string>;
  stored: string;
  deflated: string;
};
const x = tensor([[1, 2]]);
const ids = tensor([3, 4], { dtype: 'int32' });

const formats: [name: string, read: (bytes: Uint8Array) => unknown, files: Uint8Array[]][] = [
  [
    '.pt',
    (bytes) => io.loadTorchBytes(bytes, { verify: false }),
    readdirSync(torchFolder)
      .filter((name) => name.endsWith('.pt'))
      .map((name) => readFileSync(torchFolder + name)),
  ],
  ['.npy', io.parseNpy, [...npy.cases.map(({ file }) => file), ...Object.values(npy.refused)].map(base64)],
  ['.npz', io.parseNpz, [npy.stored, npy.deflated].map(base64)],
  ['safetensors', (bytes) => io.parseSafetensors(bytes).tensors, [await io.serializeSafetensors({ x, ids })]],
  [
    'CSV',
    async (bytes) => {
      const path = join(folder, 'table.csv');
      writeFileSync(path, bytes);
      (await readCsv(path)).toTensor();
    },
    ['a,b,c\n1,2,x\n"3,5",4,"y ""q"""\n5e10,?,z\n', '\ufeffa,b\r\n1,NA\r\n2,3\r\n'].map((text) =>
      Buffer.from(text),
    ),
  ],
];

test.each(formats)('a damaged %s file is read, or an error of ours', async (_name, read, files) => {
  const random = draws(7);
  for (let i = 0; i < 600; i++) {
    const bytes = mutated(files[random(files.length)]!, random);
    const error = await (async () => touch(await read(bytes)))().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (error !== undefined) expect(error, Buffer.from(bytes).toString('base64')).toBeInstanceOf(MyelinError);
  }
});
