import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ArgumentError, ShapeError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { arange, manualSeed, randn, type Tensor, tensor, zeros } from '../../src/index.js';

interface Recorded {
  readonly x: number[][];
  readonly other: number[][];
  readonly mean: number[];
  readonly std: number[];
  readonly standardized: number[][];
  readonly otherStandardized: number[][];
  readonly ranged: number[][];
  readonly otherRanged: number[][];
  readonly labels: string[];
  readonly classes: string[];
  readonly integers: number[];
  readonly numbers: number[];
  readonly rows: string[][];
  readonly oneHot: number[][];
}
const recorded = JSON.parse(
  readFileSync(new URL('../recordings/data-scaling.json', import.meta.url), 'utf8'),
) as Recorded;

const double = (values: unknown): Tensor => tensor(values as number[][], { dtype: 'float64' });
const close = (actual: Tensor, expected: readonly number[][], tolerance = 1e-12): void => {
  const want = expected.flat();
  expect(actual.count).toBe(want.length);
  for (const [i, value] of [...actual.dataSync()].entries())
    expect(Math.abs(value - want[i]!)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(want[i]!)));
};
const x = double(recorded.x);
const other = double(recorded.other);

test("Standardizer is scikit-learn's StandardScaler, a constant feature included", () => {
  const scaler = data.Standardizer.fit(x);
  close(scaler.mean, [recorded.mean]);
  close(scaler.std, [recorded.std]);
  close(scaler.transform(x), recorded.standardized, 1e-9);
  close(scaler.transform(other), recorded.otherStandardized, 1e-9);
  close(scaler.inverse(scaler.transform(other)), recorded.other, 1e-9);
});

test('batches give what the whole gives', async () => {
  const parts = [x.narrow(0, 0, 1), x.narrow(0, 1, 4), x.narrow(0, 5, 2)];
  const scaler = await data.Standardizer.fitBatches(parts, (part) => part);
  close(scaler.mean, [recorded.mean]);
  close(scaler.std, [recorded.std]);
  const set = new data.TensorDataset(x.float(), arange(7));
  const loaded = await data.Standardizer.fitBatches(
    new data.DataLoader(set, { batchSize: 3 }),
    ([batch]) => batch!,
  );
  close(loaded.mean, [recorded.mean], 1e-6);
  await expect(data.Standardizer.fitBatches([], (part: Tensor) => part)).rejects.toThrow(
    'nothing has been fitted yet',
  );
});

test("a large offset doesn't drown the deviation", () => {
  manualSeed(1);
  const noise = randn([1000, 1], { dtype: 'float64' });
  const far = data.Standardizer.fit(noise.add(1e8));
  expect(far.std.itemSync()).toBeCloseTo(noise.std(0, { correction: 0 }).itemSync(), 6);
});

test('images have statistics per channel, or one for all', () => {
  const images = arange(2 * 3 * 4 * 5)
    .reshape([2, 3, 4, 5])
    .to('uint8');
  const scaler = data.Standardizer.fit(images);
  expect(scaler.mean.toArraySync()).toEqual([39.5, 59.5, 79.5]);
  const out = scaler.transform(images);
  expect([out.dtype, out.shape]).toEqual(['float32', [2, 3, 4, 5]]);
  for (const value of out.mean([0, 2, 3]).dataSync()) expect(value).toBeCloseTo(0, 5);
  for (const value of out.var([0, 2, 3], { correction: 0 }).dataSync()) expect(value).toBeCloseTo(1, 5);

  const all = data.Standardizer.fit(images, { axis: null });
  expect(all.mean.toArraySync()).toEqual([59.5]);
  expect(data.Standardizer.fit(images, { axis: 0 }).mean.shape).toEqual([2]);
  expect(data.Standardizer.fit(arange(5).float()).mean.toArraySync()).toEqual([2]);
});

test('all that is constant becomes 0', () => {
  const constant = tensor([[0.1], [0.1], [0.1]]);
  expect(data.Standardizer.fit(constant).transform(constant).toArraySync()).toEqual([[0], [0], [0]]);
  expect(data.Standardizer.fit(constant.narrow(0, 0, 1)).std.toArraySync()).toEqual([1]);
});

test('a state can be resumed', () => {
  const begun = data.Standardizer.fit(x.narrow(0, 0, 3));
  const resumed = data.Standardizer.fromState(begun.state()).update(x.narrow(0, 3, 4));
  close(resumed.std, [recorded.std]);
  const ranged = data.MinMaxScaler.fit(x.narrow(0, 0, 3), { range: [-1, 2] });
  close(
    data.MinMaxScaler.fromState(ranged.state())
      .update(x.narrow(0, 3, 4))
      .transform(x),
    recorded.ranged,
    1e-9,
  );
});

test("MinMaxScaler is scikit-learn's", () => {
  const scaler = data.MinMaxScaler.fit(x, { range: [-1, 2] });
  close(scaler.transform(x), recorded.ranged, 1e-9);
  close(scaler.transform(other), recorded.otherRanged, 1e-9);
  close(scaler.inverse(scaler.transform(other)), recorded.other, 1e-9);
});

test("labels are integers in scikit-learn's order", () => {
  const { integers, encoder } = data.integerEncode(recorded.labels);
  expect(encoder.classes).toEqual(recorded.classes);
  expect([integers.dtype, integers.toArraySync()]).toEqual(['int32', recorded.integers]);
  expect(encoder.decode(recorded.integers)).toEqual(recorded.labels);
  expect(data.integerEncode([10, 9, -1, 10]).integers.toArraySync()).toEqual(recorded.numbers);
  expect(data.LabelEncoder.fit([true, 'a', 2, false]).classes).toEqual([false, true, 2, 'a']);
});

test("one-hot rows are scikit-learn's", async () => {
  const encoder = data.OneHotEncoder.fit(recorded.rows);
  expect(encoder.encode(recorded.rows).toArraySync()).toEqual(recorded.oneHot);
  expect(await encoder.decode(encoder.encode(recorded.rows))).toEqual(recorded.rows);
  expect(data.oneHotEncode(['b', 'a', 'b']).toArraySync()).toEqual([
    [0, 1],
    [1, 0],
    [0, 1],
  ]);
});

test('mistakes are named', async () => {
  const encoder = new data.LabelEncoder(['cat', 'dog']);
  expect(() => encoder.encode(['dog', 'cow'])).toThrow(
    'LabelEncoder: label "cow" (number 1) isn\'t one of the 2 classes: "cat", "dog"',
  );
  expect(() => new data.LabelEncoder<number | string>([1, '1']).encode([2])).toThrow('classes: 1, "1"');
  expect(() => data.LabelEncoder.fit(Array.from({ length: 20 }, (_, i) => i)).encode([99])).toThrow(
    'and 12 more',
  );
  expect(() => encoder.decode([2])).toThrow("2 (number 0) isn't a class");
  expect(() => encoder.decode([0.5])).toThrow(ArgumentError);
  expect(() => new data.LabelEncoder(['a', 'a'])).toThrow('the class "a" appears twice');
  expect(() => data.OneHotEncoder.fit([])).toThrow('no rows');
  expect(() => data.OneHotEncoder.fit([['a'], ['a', 'b']])).toThrow('row 1 has 2 columns, expected 1');
  expect(() => data.OneHotEncoder.fit([['a', 'b']]).encode([['a', 'c']])).toThrow(
    'column 1: LabelEncoder: label "c"',
  );
  await expect(data.OneHotEncoder.fit([['a']]).decode(zeros([2, 2]))).rejects.toThrow(ShapeError);

  expect(() => data.Standardizer.fit(zeros([0, 3]))).toThrow('x has no elements');
  expect(() => data.Standardizer.fit(zeros([2, 3]), { axis: 2 })).toThrow("there's no axis 2");
  expect(() => new data.Standardizer({ axis: -1 })).toThrow(
    'Standardizer: axis must be a whole number of at least 0, or null, got -1',
  );
  expect(() => data.Standardizer.fit(zeros([2, 3])).transform(zeros([2, 4]))).toThrow(
    'x has 4 places on its axis, but 3 were fitted',
  );
  expect(() => data.Standardizer.fit(zeros([2, 3])).update(zeros([2, 4]))).toThrow(ShapeError);
  expect(() => new data.Standardizer().mean).toThrow('call update with training data');
  expect(() => new data.MinMaxScaler().state()).toThrow('nothing has been fitted yet');
  expect(() => new data.MinMaxScaler({ range: [1, 1] })).toThrow(ArgumentError);
});
