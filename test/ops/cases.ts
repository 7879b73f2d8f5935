import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytesPerElement, type DType, typedArray } from '../../src/core/dtype.js';
import { contiguousStrides } from '../../src/core/shape.js';
import type { Engine } from '../../src/engine/engine.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import type { CaseSpec } from './spec.js';
import type { OpRow, Tolerance } from './table.js';

export interface Packed {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: string;
}

export interface Recorded {
  readonly fingerprint: string;
  readonly outputs: readonly Packed[];
  readonly grads: readonly (Packed | null)[] | null;
}

const folder = new URL('.', import.meta.url);
const recordings = new URL('../recordings/', folder);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.rows.ts'),
);
/** The op table and what PyTorch recorded of it. */
export const tables = await Promise.all(
  files.map(async (file) => {
    const { rows } = (await import(new URL(file, folder).href)) as { rows: readonly OpRow[] };
    const name = basename(file, '.rows.ts');
    const json = gunzipSync(readFileSync(new URL(`${name}.json.gz`, recordings))).toString();
    const { cases } = JSON.parse(json) as { cases: Record<string, Recorded> };
    return { name, rows, cases };
  }),
);

export const layouts = ['contiguous', 'transposed', 'gapped'] as const;
export type Layout = (typeof layouts)[number];

/** Strides, offset and length in memory of a tensor stored in a given way. */
function storedAs(
  shape: readonly number[],
  layout: Layout,
): { strides: number[]; offset: number; length: number } {
  const size = shape.reduce((a, b) => a * b, 1);
  if (layout === 'transposed')
    return { strides: contiguousStrides([...shape].reverse()).reverse(), offset: 0, length: size };
  if (layout === 'gapped')
    return { strides: contiguousStrides(shape).map((s) => 2 * s), offset: 3, length: 2 * size + 3 };
  return { strides: contiguousStrides(shape), offset: 0, length: size };
}

export function build(engine: Engine, input: CaseSpec['inputs'][number], layout: Layout): Tensor {
  const { shape, dtype, data } = input;
  const { strides, offset, length } = storedAs(shape, layout);
  const memory = typedArray(dtype, new ArrayBuffer(length * bytesPerElement[dtype]), 0, length);
  const index = new Array<number>(shape.length).fill(0);
  for (const value of data) {
    memory[index.reduce((at, i, axis) => at + i * strides[axis]!, offset)] = value;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  const whole = empty([length], dtype, engine);
  engine.write(whole.storage, 0, new Uint8Array(memory.buffer, 0, memory.byteLength));
  return view(whole, shape, strides, offset).requiresGrad_(input.grad);
}

export const unpack = ({ dtype, data, shape }: Packed): ArrayLike<number> => {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  return typedArray(
    dtype,
    bytes.buffer,
    0,
    shape.reduce((a, b) => a * b, 1),
  );
};

export const usual: Record<DType, Tolerance> = {
  float32: { rtol: 1e-5, atol: 1e-5 },
  float64: { rtol: 1e-7, atol: 1e-7 },
  int32: { rtol: 0, atol: 0 },
  uint8: { rtol: 0, atol: 0 },
  bool: { rtol: 0, atol: 0 },
};

export const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(result) ? result : [result as Tensor];

/** The gradient that flows into result k; the recorder uses the same formula. */
export function weights(y: Tensor, k: number): Tensor {
  const w = typedArray(y.dtype, new ArrayBuffer(y.count * bytesPerElement[y.dtype]), 0, y.count);
  for (let i = 0; i < w.length; i++) w[i] = Math.cos(1 + 3 * k + 0.7 * i);
  const t = empty(y.shape, y.dtype, y.engine);
  t.engine.write(t.storage, 0, new Uint8Array(w.buffer));
  return t;
}
