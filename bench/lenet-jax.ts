import type { Work } from './workload.js';

/** An array of jax-js, as far as this file uses it; every use of one consumes it, `ref` keeps it. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  sum(): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  dispose(): void;
}

type Arrays = Readonly<Record<string, JaxArray>>;

interface Jax {
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): void;
  blockUntilReady(arrays: Arrays): Promise<unknown>;
  jit<F>(f: F): F;
  valueAndGrad(
    f: (p: Arrays, x: JaxArray, y: JaxArray) => JaxArray,
  ): (p: Arrays, x: JaxArray, y: JaxArray) => [JaxArray, Arrays];
  readonly numpy: {
    array(data: Float32Array | number): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    max(x: JaxArray, axes: readonly number[]): JaxArray;
    power(base: number, exponent: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
    subtract(a: number, b: JaxArray): JaxArray;
    tanh(x: JaxArray): JaxArray;
  };
  readonly lax: { conv(x: JaxArray, w: JaxArray, strides: readonly number[], padding: string): JaxArray };
  readonly nn: { relu(x: JaxArray): JaxArray; logSoftmax(x: JaxArray, axis: number): JaxArray };
}

const shapes: Readonly<Record<string, readonly number[]>> = {
  w1: [6, 1, 5, 5],
  b1: [6],
  w2: [16, 6, 5, 5],
  b2: [16],
  w3: [400, 120],
  b3: [120],
  w4: [120, 84],
  b4: [84],
  w5: [84, 10],
  b5: [10],
};

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, key: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]));

/** The same training step in jax-js, compiled as a whole; null where it isn't installed. */
export async function prepareJaxLenet(): Promise<Work | null> {
  const name = '@jax-js/jax';
  const jax = (await import(name).catch(() => null)) as Jax | null;
  if (jax === null) return null;
  const { numpy: np, lax, nn } = jax;
  await jax.init('wasm');
  jax.defaultDevice('wasm');

  const random = (shape: readonly number[], scale: number): JaxArray =>
    np
      .array(Float32Array.from({ length: size(shape) }, () => (2 * Math.random() - 1) * scale))
      .reshape(shape);
  const pool = (x: JaxArray): JaxArray => {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
  };
  const loss = (p: Arrays, x: JaxArray, y: JaxArray): JaxArray => {
    let h = lax.conv(x, p.w1!, [1, 1], 'VALID').add(p.b1!.reshape([1, 6, 1, 1]));
    h = pool(nn.relu(h));
    h = lax.conv(h, p.w2!, [1, 1], 'VALID').add(p.b2!.reshape([1, 16, 1, 1]));
    h = pool(nn.relu(h)).reshape([64, 400]);
    h = np.tanh(np.matmul(h, p.w3!).add(p.b3!));
    h = np.tanh(np.matmul(h, p.w4!).add(p.b4!));
    h = np.matmul(h, p.w5!).add(p.b5!);
    return nn
      .logSoftmax(h, -1)
      .mul(y)
      .sum()
      .mul(-1 / 64);
  };
  const step = jax.jit((p: Arrays, m: Arrays, v: Arrays, t: JaxArray, x: JaxArray, y: JaxArray) => {
    const [value, g] = jax.valueAndGrad(loss)(
      mapValues(p, (a) => a.ref),
      x,
      y,
    );
    value.dispose();
    const correction = np.subtract(1, np.power(0.9, t.ref));
    const root = np.sqrt(np.subtract(1, np.power(0.999, t)));
    const mean = mapValues(g, (a, key) => m[key]!.mul(0.9).add(a.ref.mul(0.1)));
    const square = mapValues(g, (a, key) => v[key]!.mul(0.999).add(np.square(a).mul(0.001)));
    const next = mapValues(p, (a, key) => {
      const scale = np.sqrt(square[key]!.ref).div(root.ref).add(1e-8);
      return a.sub(mean[key]!.ref.mul(1e-3).div(correction.ref).div(scale));
    });
    correction.dispose();
    root.dispose();
    return [next, mean, square];
  });

  const labels = new Float32Array(640);
  for (let i = 0; i < 64; i++) labels[10 * i + (i % 10)] = 1;
  const x = random([64, 1, 32, 32], 1);
  const y = np.array(labels).reshape([64, 10]);
  let state = [
    mapValues(shapes, (s) => random(s, 0.1)),
    mapValues(shapes, np.zeros),
    mapValues(shapes, np.zeros),
  ];
  let steps = 0;
  return async () => {
    const [p, m, v] = state as [Arrays, Arrays, Arrays];
    state = step(p, m, v, np.array(++steps), x.ref, y.ref) as Record<string, JaxArray>[];
    await jax.blockUntilReady(state[0]!);
  };
}
