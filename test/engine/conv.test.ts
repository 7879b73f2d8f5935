import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { typedArray } from '../../src/core/dtype.js';
import { sizeOf } from '../../src/core/shape.js';
import type { ConvGeometry, Triple } from '../../src/engine/conv.js';
import type { Engine } from '../../src/engine/engine.js';
import { engineNamed } from '../../src/engine/registry.js';
import { empty, type Tensor } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';

type Dimension = 1 | 2 | 3;
type Elements = Float64Array;

const shapesOf = (g: ConvGeometry) => ({
  x: [g.batch, g.inChannels, ...g.input],
  w: [g.outChannels, g.inChannels / g.groups, ...g.kernel],
  y: [g.batch, g.outChannels, ...g.output],
});

/** Calls f with the places in x, w and y of every product of the convolution. */
function eachProduct(g: ConvGeometry, f: (x: number, w: number, y: number) => void): void {
  const inputs = g.inChannels / g.groups;
  const outputs = g.outChannels / g.groups;
  const taps = sizeOf(g.kernel);
  const at = (y: number, tap: number, axis: number): number =>
    y * g.stride[axis]! + tap * g.dilation[axis]! - g.padding[axis]!;
  for (let n = 0; n < g.batch; n++)
    for (let o = 0; o < g.outChannels; o++)
      for (let place = 0; place < sizeOf(g.output); place++) {
        const [, height, width] = g.output;
        const position = [
          Math.floor(place / (height * width)),
          Math.floor(place / width) % height,
          place % width,
        ];
        for (let c = 0; c < inputs; c++)
          for (let tap = 0; tap < taps; tap++) {
            const [, kh, kw] = g.kernel;
            const u = [Math.floor(tap / (kh * kw)), Math.floor(tap / kw) % kh, tap % kw];
            const source = position.map((p, axis) => at(p, u[axis]!, axis));
            if (source.some((p, axis) => p < 0 || p >= g.input[axis]!)) continue;
            const [d, h, w] = source as [number, number, number];
            const channel = Math.floor(o / outputs) * inputs + c;
            f(
              (((n * g.inChannels + channel) * g.input[0] + d) * g.input[1] + h) * g.input[2] + w,
              (o * inputs + c) * taps + tap,
              (n * g.outChannels + o) * sizeOf(g.output) + place,
            );
          }
      }
}

function randomElements(n: number, seed: number): Elements {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.fround(state / 2 ** 31);
  });
}

const dtypes = ['float32', 'float64'] as const;
type Real = (typeof dtypes)[number];

function upload(engine: Engine, dtype: Real, shape: readonly number[], elements: Elements): Tensor {
  const x = empty(shape, dtype, engine);
  const bytes = typedArray(
    dtype,
    new ArrayBuffer(elements.length * (dtype === 'float32' ? 4 : 8)),
    0,
    elements.length,
  );
  bytes.set(elements);
  engine.write(x.storage, 0, new Uint8Array(bytes.buffer));
  return x;
}

const numbers = (x: Tensor): Elements => Float64Array.from(x.dataSync());

/** The four results of the kernels on random operands. */
function compute(engine: Engine, dtype: Real, g: ConvGeometry) {
  const shapes = shapesOf(g);
  const x = upload(engine, dtype, shapes.x, randomElements(sizeOf(shapes.x), 1));
  const w = upload(engine, dtype, shapes.w, randomElements(sizeOf(shapes.w), 2));
  const dy = upload(engine, dtype, shapes.y, randomElements(sizeOf(shapes.y), 3));
  const bias = upload(engine, dtype, [g.outChannels], randomElements(g.outChannels, 4));
  const y = empty(shapes.y, dtype, engine);
  const dx = empty(shapes.x, dtype, engine);
  const dw = empty(shapes.w, dtype, engine);
  const dbias = empty([g.outChannels], dtype, engine);
  engine.convForward(y, x, w, bias, g);
  engine.convInputGradient(dx, dy, w, null, g);
  engine.convWeightGradient(dw, dbias, x, dy, g);
  return { y: numbers(y), dx: numbers(dx), dw: numbers(dw), dbias: numbers(dbias) };
}

/** The same, product by product. */
function reference(g: ConvGeometry): ReturnType<typeof compute> {
  const shapes = shapesOf(g);
  const x = randomElements(sizeOf(shapes.x), 1);
  const w = randomElements(sizeOf(shapes.w), 2);
  const dy = randomElements(sizeOf(shapes.y), 3);
  const bias = randomElements(g.outChannels, 4);
  const area = sizeOf(g.output);
  const y = Float64Array.from(dy, (_, i) => bias[Math.floor(i / area) % g.outChannels]!);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const dbias = new Float64Array(g.outChannels);
  for (const [i, value] of dy.entries()) dbias[Math.floor(i / area) % g.outChannels]! += value;
  eachProduct(g, (i, k, j) => {
    y[j]! += x[i]! * w[k]!;
    dx[i]! += dy[j]! * w[k]!;
    dw[k]! += dy[j]! * x[i]!;
  });
  return { y, dx, dw, dbias };
}

function largestError(a: Elements, b: Elements): number {
  const scale = b.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  return a.reduce(
    (worst, v, i) => Math.max(worst, Number.isNaN(v) ? Infinity : Math.abs(v - b[i]!) / scale),
    0,
  );
}

/** Geometries of 1 to 3 axes; channel counts on both sides of every vector's width. */
const geometry: fc.Arbitrary<ConvGeometry> = fc
  .record({
    axes: fc.constantFrom<Dimension[]>(1, 2, 2, 3),
    batch: fc.integer({ min: 0, max: 3 }),
    groups: fc.constantFrom(1, 1, 1, 2, 3),
    inputs: fc.integer({ min: 1, max: 9 }),
    outputs: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 33)),
    sizes: fc.array(
      fc.record({
        kernel: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 3 }),
        padding: fc.integer({ min: 0, max: 4 }),
        after: fc.integer({ min: 0, max: 4 }),
        dilation: fc.integer({ min: 1, max: 3 }),
        extra: fc.integer({ min: 0, max: 11 }),
      }),
      { minLength: 3, maxLength: 3 },
    ),
  })
  .map(({ axes, batch, groups, inputs, outputs, sizes }) => {
    const used = sizes.map((s, axis) =>
      axis < 3 - axes ? { kernel: 1, stride: 1, padding: 0, after: 0, dilation: 1, extra: 0 } : s,
    );
    const span = used.map((s) => s.dilation * (s.kernel - 1) + 1);
    const input = used.map((s, i) => Math.max(1, span[i]! - s.padding - s.after) + s.extra);
    const output = used.map(
      (s, i) => Math.floor((input[i]! + s.padding + s.after - span[i]!) / s.stride) + 1,
    );
    const all = (key: 'kernel' | 'stride' | 'padding' | 'dilation'): Triple =>
      used.map((s) => s[key]) as unknown as Triple;
    return {
      batch,
      inChannels: groups * inputs,
      outChannels: groups * outputs,
      groups,
      input: input as unknown as Triple,
      output: output as unknown as Triple,
      kernel: all('kernel'),
      stride: all('stride'),
      padding: all('padding'),
      dilation: all('dilation'),
    };
  });

/** Geometries in which every channel has a kernel of its own. */
const depthwise: fc.Arbitrary<ConvGeometry> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    channels: fc.integer({ min: 2, max: 20 }),
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }),
    after: fc.integer({ min: 0, max: 3 }),
    size: fc.array(fc.integer({ min: 3, max: 21 }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ batch, channels, stride, padding, after, size }) => {
    const output = size.map((n, i) => Math.floor((n + padding[i]! + after - 3) / stride) + 1);
    return {
      batch,
      inChannels: channels,
      outChannels: channels,
      groups: channels,
      input: [1, size[0]!, size[1]!],
      output: [1, output[0]!, output[1]!],
      kernel: [1, 3, 3],
      stride: [1, stride, stride],
      padding: [0, padding[0]!, padding[1]!],
      dilation: [1, 1, 1],
    };
  });

/** Geometries for which Winograd's algorithm or a matrix product serves: many channels, a kernel of 3 × 3 or 1 × 1. */
const dense: fc.Arbitrary<ConvGeometry> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    inChannels: fc.integer({ min: 14, max: 40 }),
    outChannels: fc.integer({ min: 14, max: 40 }),
    kernel: fc.constantFrom(3, 3, 1),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }),
    after: fc.integer({ min: 0, max: 3 }),
    size: fc.array(fc.integer({ min: 3, max: 21 }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ batch, inChannels, outChannels, kernel, stride, padding, after, size }) => {
    const [step, pad, behind] = kernel === 3 ? [1, padding, after] : [stride, [0, 0], 0];
    const output = size.map((n, i) => Math.floor((n + pad[i]! + behind - kernel) / step) + 1);
    const plane = ([height, width]: readonly number[], depth: number): Triple => [depth, height!, width!];
    return {
      batch,
      inChannels,
      outChannels,
      groups: 1,
      input: plane(size, 1),
      output: plane(output, 1),
      kernel: plane([kernel, kernel], 1),
      stride: plane([step, step], 1),
      padding: plane(pad, 0),
      dilation: [1, 1, 1],
    };
  });

/** Images of few positions, whose patches don't all fit. */
const small: ConvGeometry = {
  batch: 9,
  inChannels: 500,
  outChannels: 20,
  groups: 1,
  input: [1, 9, 10],
  output: [1, 5, 5],
  kernel: [1, 3, 3],
  stride: [1, 2, 2],
  padding: [0, 1, 1],
  dilation: [1, 1, 1],
};

/** A weight that doesn't stay in the cache. */
const large: ConvGeometry = {
  ...small,
  batch: 3,
  outChannels: 130,
  input: [1, 23, 24],
  output: [1, 12, 12],
};

describe.each(testEngines)('convolution kernels on %s', (name) => {
  const engine = engineNamed(name);
  const { threads } = engine.info();
  afterAll(() => engine.setThreads(threads));

  test.each(dtypes)('equal the sum over all products, %s', (dtype) => {
    fc.assert(
      fc.property(fc.oneof({ arbitrary: geometry, weight: 3 }, depthwise), (g) => {
        const expected = reference(g);
        const actual = compute(engine, dtype, g);
        for (const key of ['y', 'dx', 'dw', 'dbias'] as const)
          expect(largestError(actual[key], expected[key]), key).toBeLessThan(
            dtype === 'float32' ? 1e-5 : 1e-13,
          );
      }),
      { numRuns: 160, seed: 1 },
    );
  });

  test('equal it where they are computed in another way', () => {
    fc.assert(
      fc.property(dense, (g) => {
        const expected = compute(engine, 'float64', g);
        const actual = compute(engine, 'float32', g);
        for (const key of ['y', 'dx', 'dw', 'dbias'] as const)
          expect(largestError(actual[key], expected[key]), key).toBeLessThan(1e-5);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('end with a relu that keeps NaN', () => {
    const point: Triple = [1, 1, 1];
    const row: Triple = [1, 1, 5];
    const g: ConvGeometry = {
      batch: 1,
      inChannels: 1,
      outChannels: 1,
      groups: 1,
      input: row,
      output: row,
      kernel: point,
      stride: point,
      padding: [0, 0, 0],
      dilation: point,
    };
    const x = upload(engine, 'float32', [1, 1, ...row], Float64Array.of(-2, -1, 0, 3, Number.NaN));
    const w = upload(engine, 'float32', [1, 1, ...point], Float64Array.of(2));
    const bias = upload(engine, 'float32', [1], Float64Array.of(1));
    const y = empty([1, 1, ...row], 'float32', engine);
    engine.convForward(y, x, w, bias, g, 'relu');
    expect([...y.dataSync()]).toEqual([0, 0, 1, 7, Number.NaN]);
    engine.convInputGradient(y, x, w, bias, g, 'relu');
    expect([...y.dataSync()]).toEqual([0, 0, 1, 7, Number.NaN]);
  });

  test.each([
    ['small images', small],
    ['a large weight', large],
    ['many channels', { ...large, kernel: [1, 3, 3], stride: [1, 1, 1], input: [1, 12, 12] }],
    [
      'a kernel for each channel',
      { ...large, outChannels: 500, groups: 500, stride: [1, 2, 2], input: [1, 23, 24] },
    ],
  ] as readonly (readonly [string, ConvGeometry])[])('end with a relu, %s', (_, g) => {
    const shapes = shapesOf(g);
    const random = (shape: readonly number[], seed: number): Tensor =>
      upload(engine, 'float32', shape, randomElements(sizeOf(shape), seed));
    const [x, w, dy] = [random(shapes.x, 1), random(shapes.w, 2), random(shapes.y, 3)];
    const relu = (elements: Elements): Elements => elements.map((v) => Math.max(v, 0));
    const forward = (activation?: 'relu'): Elements => {
      const y = empty(shapes.y, 'float32', engine);
      engine.convForward(y, x, w, random([g.outChannels], 4), g, activation);
      return numbers(y);
    };
    const inputGradient = (activation?: 'relu'): Elements => {
      const dx = empty(shapes.x, 'float32', engine);
      engine.convInputGradient(dx, dy, w, random([g.inChannels], 5), g, activation);
      return numbers(dx);
    };
    expect(largestError(forward('relu'), relu(forward()))).toBe(0);
    expect(largestError(inputGradient('relu'), relu(inputGradient()))).toBe(0);
  });

  test('give the same bits on any number of threads', () => {
    const square = (n: number): Triple => [1, n, n];
    const g: ConvGeometry = {
      batch: 5,
      inChannels: 4,
      outChannels: 34,
      groups: 1,
      input: square(26),
      output: square(26),
      kernel: square(3),
      stride: square(1),
      padding: [0, 1, 1],
      dilation: square(1),
    };
    engine.setThreads(1);
    const alone = compute(engine, 'float32', g);
    engine.setThreads(3);
    expect(compute(engine, 'float32', g)).toEqual(alone);
    expect(largestError(alone.y, reference(g).y)).toBeLessThan(1e-5);
    const wide = { ...g, inChannels: 24 };
    const few = { ...wide, batch: 1, outChannels: 60 };
    const more = [wide, few, small];
    const threaded = more.map((geometry) => compute(engine, 'float32', geometry));
    engine.setThreads(1);
    expect(more.map((geometry) => compute(engine, 'float32', geometry))).toEqual(threaded);
  });

  test('taps that lie far apart cost no more than the rows between them', () => {
    const far: ConvGeometry = {
      batch: 1,
      inChannels: 6,
      outChannels: 4,
      groups: 2,
      input: [1, 3 + 2 * 65_536, 4],
      output: [1, 3, 3],
      kernel: [1, 3, 2],
      stride: [1, 1, 1],
      padding: [0, 0, 0],
      dilation: [1, 65_536, 1],
    };
    const begin = performance.now();
    const [expected, actual] = [reference(far), compute(engine, 'float64', far)];
    for (const key of ['y', 'dx', 'dw', 'dbias'] as const)
      expect(largestError(actual[key], expected[key]), key).toBeLessThan(1e-12);
    expect(performance.now() - begin).toBeLessThan(20_000); // 100 s and more where each row stages all
  }, 30_000);

  test.each([
    ['small images', small],
    ['a large weight', large],
  ])('take %s a few images at a time', (_, g) => {
    const [expected, actual] = [compute(engine, 'float64', g), compute(engine, 'float32', g)];
    for (const key of ['y', 'dx', 'dw', 'dbias'] as const)
      expect(largestError(actual[key], expected[key]), key).toBeLessThan(1e-5);
  });
});
