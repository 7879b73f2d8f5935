import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rand, type Tensor, tensor, zeros } from '../../../src/index.js';
import { convolve, crossCorrelate, handMade, kernels } from '../../../src/recipes/ch3-vision/kernels.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { writeImage } from '../../../src/vision/index.js';
import { listener } from '../said.js';
import { trainedInTwoGoes } from '../stopped.js';

const filters = handMade();
const numbers = (x: Tensor): number[][] => x.toArraySync() as number[][];

test("only the filters that aren't symmetric tell convolution and cross-correlation apart", async () => {
  const { experiment, result } = await trainedInTwoGoes(kernels);
  expect(result.line).toBe(
    'convolution differs from cross-correlation for 2 of 6 filters: vertical edges, horizontal edges',
  );
  expect(result.numbers.laplacianDifference).toBeLessThan(1e-5);
  const pictures = await experiment.pictures!();
  expect(pictures.map(({ name }) => name)).toEqual(['kernels', 'filters', 'convolution']);
  for (const { figure } of pictures) expect(await figure.toSvg()).toMatch(/^<svg/);
});

test('the filters do what they are called', () => {
  for (const blur of ['box blur', 'Gaussian blur']) expect(filters[blur]!.sum().itemSync()).toBeCloseTo(1, 5);
  for (const detector of ['vertical edges', 'horizontal edges', 'Laplacian', 'blob detector'])
    expect(filters[detector]!.sum().itemSync()).toBeCloseTo(0, 5);
  const edge = tensor(Array.from({ length: 5 }, () => [0, 0, 1, 1, 1])).to('float32');
  expect(numbers(crossCorrelate(edge, filters['vertical edges']!))[2]).toEqual([0, 4, 4, 0, 0]);
  expect(numbers(crossCorrelate(edge, filters['horizontal edges']!))[2]).toEqual([0, 0, 0, 0, 0]);
  expect(numbers(convolve(edge, filters['vertical edges']!))[2]).toEqual([0, -4, -4, 0, 0]);
  const spot = zeros([21, 21]);
  spot.setAt([10, 10], tensor(1));
  expect(crossCorrelate(spot, filters['blob detector']!).argmax().itemSync()).toBe(10 * 21 + 10);
});

test('a convolution of a lone pixel is the filter, a cross-correlation its mirror image', () => {
  const pixel = zeros([3, 3]);
  pixel.setAt([1, 1], tensor(1));
  const filter = rand([3, 3]);
  expect(numbers(convolve(pixel, filter))).toEqual(numbers(filter));
  expect(numbers(crossCorrelate(pixel, filter))).toEqual(numbers(filter.flip([0, 1])));
});

test('a picture of the user', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-kernels-'));
  const image = join(folder, 'picture.png');
  await writeImage(image, rand([3, 20, 40]));
  await writeImage(join(folder, 'line.png'), rand([1, 1, 40]));
  const { said, onEvent } = listener();
  await prepare(kernels, { image, size: 16 }, { onEvent });
  expect(said).toEqual([`image: ${image}, 16 × 8 pixels in gray`]);
  await expect(prepare(kernels, { image: join(folder, 'none.png') })).rejects.toThrow(
    /none\.png: no such file/,
  );
  await expect(prepare(kernels, { image: join(folder, 'line.png') })).rejects.toThrow(
    /line\.png is a line of pixels; filters need a two-dimensional image/,
  );
  rmSync(folder, { recursive: true });
});
