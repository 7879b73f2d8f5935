import { noGrad, randn, type Tensor } from '../src/index.js';
import type { ScriptRival, TorchRival, Work, Workload } from './workload.js';

/** Matrices (M, K) × (K, N); whether each is read through a transpose. */
interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const squares = [128, 256, 512, 1024, 2048].map((n) => [n, n, n] as const);
const layers = [
  [64, 784, 512],
  [768, 128, 512],
  [16, 400, 4096],
  [128, 784, 512],
  [64, 400, 120],
] as const;

function productsOf(shapes: readonly (readonly [number, number, number])[]): Product[] {
  return shapes.flatMap(([m, k, n]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({ m, k, n, transposeA, transposeB })),
    ),
  );
}

/** Shapes as they lie in memory. */
const storedA = ({ m, k, transposeA }: Product): [number, number] => (transposeA ? [k, m] : [m, k]);
const storedB = ({ k, n, transposeB }: Product): [number, number] => (transposeB ? [n, k] : [k, n]);
const nameOf = ({ m, k, n, transposeA, transposeB }: Product): string =>
  `${m}×${k}×${n}, A${transposeA ? 'ᵀ' : ''}·B${transposeB ? 'ᵀ' : ''}`;

function ours(product: Product): Work {
  const oriented = (shape: [number, number], transposed: boolean): Tensor =>
    transposed ? randn(shape).t() : randn(shape);
  const a = oriented(storedA(product), product.transposeA);
  const b = oriented(storedB(product), product.transposeB);
  return () => noGrad(() => a.matmul(b).dispose());
}

const torchRival = (product: Product): TorchRival => ({
  kind: 'torch',
  setup: `
a = torch.randn(${storedA(product).join(', ')})${product.transposeA ? '.t()' : ''}
b = torch.randn(${storedB(product).join(', ')})${product.transposeB ? '.t()' : ''}
c = torch.empty(${product.m}, ${product.n})`,
  run: 'torch.mm(a, b, out=c)',
});

/** TensorFlow.js, as far as this file uses it. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  env(): { set(flag: string, value: boolean): void };
  randomNormal(shape: readonly number[]): unknown;
  matMul(a: unknown, b: unknown, transposeA: boolean, transposeB: boolean): { dispose(): void };
}

let tensorFlow: Promise<TensorFlow | null> | undefined;

/** TensorFlow.js on its WASM backend with one thread, or null where it isn't installed. */
async function loadTensorFlow(): Promise<TensorFlow | null> {
  const names = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];
  try {
    const [core] = (await Promise.all(names.map((name) => import(name)))) as [TensorFlow];
    core.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await core.setBackend('wasm');
    await core.ready();
    return core;
  } catch {
    return null;
  }
}

const tensorFlowRival = (product: Product): ScriptRival => ({
  kind: 'script',
  name: 'TensorFlow.js WASM (npm install --no-save @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm)',
  async prepare() {
    tensorFlow ??= loadTensorFlow();
    const tf = await tensorFlow;
    if (tf === null) return null;
    const a = tf.randomNormal(storedA(product));
    const b = tf.randomNormal(storedB(product));
    return () => tf.matMul(a, b, product.transposeA, product.transposeB).dispose();
  },
});

const native = [1, 2].flatMap((threads) =>
  productsOf([...squares, ...layers]).map(
    (product): Workload => ({
      row: 'GEMM float32, squares and layer shapes, all transposes',
      name: `${nameOf(product)}, ${threads} thread${threads > 1 ? 's' : ''}`,
      target: 0.95,
      engine: 'native',
      threads,
      ours: () => ours(product),
      rival: torchRival(product),
    }),
  ),
);

const wasm = (plain: boolean, row: string): Workload[] =>
  productsOf([...squares.slice(0, 4), ...layers])
    .filter(({ transposeA, transposeB }) => (transposeA || transposeB) !== plain)
    .map((product) => ({
      row,
      name: nameOf(product),
      target: 1.2,
      engine: 'wasm',
      threads: 1,
      ours: () => ours(product),
      rival: tensorFlowRival(product),
    }));

export const gemmWorkloads: readonly Workload[] = [
  ...native,
  ...wasm(true, 'GEMM float32 on one WASM thread, no transposes'),
  ...wasm(false, 'GEMM float32 on one WASM thread, with transposes'),
];
