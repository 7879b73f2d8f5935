/**
 * The op table: one row an operation, with samples from which the meta-test makes the comparison with
 * PyTorch's recordings, the gradient checks and the engine × dtype × layout matrix.
 */
import type { DType } from '../../src/core/dtype.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** How the elements of a sample's input are made; the same in every run. */
export interface Input {
  readonly shape: readonly number[];
  /** `any` follows the dtype under test. */
  readonly dtype: DType | 'any';
  readonly value: (random: () => number, i: number) => number;
  /** Whether the gradient of this input is compared (default: true for floating dtypes). */
  readonly grad: boolean;
}

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface Sample {
  readonly inputs: readonly Input[];
  readonly ours: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** The form for every engine, of an operation whose result's size depends on elements. */
  readonly later?: (...inputs: Tensor[]) => Promise<Tensor | readonly Tensor[]>;
  /** Python expression of x0, x1, … with torch, F and math in scope. */
  readonly torch: string;
  /** dtypes under test (default float32 and float64). */
  readonly dtypes?: readonly DType[];
  /** Whether gradients are compared (default: the op's). */
  readonly grad?: boolean;
}

export interface ErrorCase {
  readonly call: () => unknown;
  readonly error: new (...args: never[]) => Error;
  readonly message: RegExp;
}

export interface OpRow {
  /** The public function's name. */
  readonly op: string;
  readonly samples: readonly Sample[];
  readonly errors?: readonly ErrorCase[];
  /** Whether the op has gradients (default true). */
  readonly grad?: boolean;
  /** Whether finite differences apply (default: `grad`); say why not. */
  readonly gradcheck?: false;
  /** Whether second derivatives are checked (default false). */
  readonly gradgrad?: boolean;
  /** Tolerances other than the usual ones. */
  readonly tolerance?: Partial<Record<DType, Tolerance>>;
  /**
   * What `npm run bench -- ops` measures at a large size, where lengthening the axes of the first sample does
   * not do; null: there's nothing larger.
   */
  readonly large?: Sample | null;
  /** The reason for what is unusual: ties, kinks, a tolerance, a missing check. */
  readonly why?: string;
}

type InputOptions = { readonly grad?: boolean; readonly dtype?: DType };

const input = (
  shape: readonly number[],
  value: Input['value'],
  { grad = true, dtype }: InputOptions = {},
): Input => ({ shape, dtype: dtype ?? 'any', value, grad });

/** Normally distributed elements. */
export const normal = (shape: readonly number[], options?: InputOptions): Input =>
  input(
    shape,
    (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    options,
  );

/** Elements evenly distributed in [low, high). */
export const uniform = (shape: readonly number[], low: number, high: number, options?: InputOptions): Input =>
  input(shape, (random) => low + (high - low) * random(), options);

/** Different elements, shuffled, 0.1 apart: for ops that pick one of several. */
export const distinct = (shape: readonly number[], options?: InputOptions): Input => {
  const n = shape.reduce((a, b) => a * b, 1);
  const stride = [7, 11, 13, 17, 19, 23].find((p) => n % p !== 0) ?? 1;
  return input(shape, (_, i) => 0.1 * (((i * stride + 3) % Math.max(n, 1)) - n / 2) + 0.03, options);
};

/** Integers in [low, high), int32. */
export const integers = (
  shape: readonly number[],
  low: number,
  high: number,
  dtype: DType = 'int32',
): Input => input(shape, (random) => Math.floor(low + (high - low) * random()), { grad: false, dtype });

/** True and false, bool. */
export const mask = (shape: readonly number[]): Input =>
  input(shape, (random) => Number(random() < 0.5), { grad: false, dtype: 'bool' });

/** Exactly these elements, in row-major order. */
export const values = (
  shape: readonly number[],
  elements: readonly number[],
  options?: InputOptions,
): Input => input(shape, (_, i) => elements[i]!, options);

/** A small generator of numbers in [0, 1), seeded by a text. */
function generator(seed: string): () => number {
  let h = 2166136261;
  for (let i = 0; i < seed.length; i++) h = Math.imul(h ^ seed.charCodeAt(i), 16777619);
  return () => {
    h = (h + 0x6d2b79f5) | 0;
    let t = Math.imul(h ^ (h >>> 15), 1 | h);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The dtype of an input when `under` is under test. */
export const dtypeOf = (x: Input, under: DType): DType => (x.dtype === 'any' ? under : x.dtype);

/** The elements of an input, exact in the dtype it has when `under` is under test. */
export function elementsOf(op: string, sample: number, index: number, x: Input, under: DType): number[] {
  const random = generator(`${op}/${sample}/${index}`);
  const n = x.shape.reduce((a, b) => a * b, 1);
  const dtype = dtypeOf(x, under);
  return Array.from({ length: n }, (_, i) => {
    const v = Math.fround(x.value(random, i));
    if (dtype === 'float32' || dtype === 'float64' || x.dtype !== 'any') return v;
    if (dtype === 'bool') return Number(v > 0);
    return dtype === 'uint8' ? Math.round(Math.abs(v) * 4) : Math.round(v * 4);
  });
}

export const sampleDTypes = (sample: Sample): readonly DType[] => sample.dtypes ?? ['float32', 'float64'];

/** Whether gradients of a sample are compared when `under` is under test. */
export const hasGrad = (row: OpRow, sample: Sample, under: DType): boolean =>
  (sample.grad ?? row.grad ?? true) &&
  (under === 'float32' || under === 'float64') &&
  sample.inputs.some((x) => x.grad && dtypeOf(x, under).startsWith('float'));
