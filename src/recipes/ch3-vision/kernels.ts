import * as F from '../../functional.js';
import { ArgumentError, arange, cat, stack, type Tensor, tensor, zeros } from '../../index.js';
import { readImage, transforms } from '../../vision/index.js';
import { heatmap, imageGrid, panels } from '../../viz/index.js';
import { defineRecipe, numbersOf, type PartResult, study, table, text } from '../kit/index.js';

/** exp(−r² / 2σ²) at whole steps from the middle, which sums to 1. @shape (2·reach + 1, 2·reach + 1) */
function gaussian(sigma: number, reach: number): Tensor {
  const along = arange(-reach, reach + 1)
    .to('float32')
    .square()
    .div(-2 * sigma ** 2)
    .exp();
  const bell = along.unsqueeze(1).mul(along);
  return bell.div(bell.sum());
}

/** Bright spots of about the size of σ: −∇² of a Gaussian, whose values sum to 0. */
function blobDetector(sigma: number): Tensor {
  const reach = Math.ceil(3 * sigma);
  const squares = arange(-reach, reach + 1)
    .to('float32')
    .square();
  const distance = squares.unsqueeze(1).add(squares); // r²
  const bell = gaussian(sigma, reach);
  const raw = bell.mul(distance.neg().add(2 * sigma ** 2)).div(sigma ** 2);
  return raw.sub(raw.mean());
}

const matrix = (rows: readonly (readonly number[])[]): Tensor => tensor(rows).to('float32');
const sobel = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];

/** The filters that people made before networks learned them. @shape (kH, kW) each */
export const handMade = (): Readonly<Record<string, Tensor>> => ({
  'box blur': zeros([5, 5]).add(1 / 25),
  'Gaussian blur': gaussian(1.5, 4),
  'vertical edges': matrix(sobel),
  'horizontal edges': matrix(sobel).t(),
  Laplacian: matrix([
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ]),
  'blob detector': blobDetector(2.5),
});

/** Slides a filter over a gray image, whose edge is repeated outward. @shape image, result (H, W) */
export function crossCorrelate(image: Tensor, kernel: Tensor): Tensor {
  const [below, beside] = kernel.shape.map((k) => (k - 1) / 2) as [number, number];
  const x = F.pad(image.unsqueeze(0).unsqueeze(0), [beside, beside, below, below], { mode: 'replicate' });
  return F.conv2d(x, kernel.unsqueeze(0).unsqueeze(0)).squeeze(0).squeeze(0);
}

/** The mathematical convolution: the same with the filter rotated by 180°. @shape image, result (H, W) */
export const convolve = (image: Tensor, kernel: Tensor): Tensor => crossCorrelate(image, kernel.flip([0, 1]));

const SIDE = 96;

/** A picture with something for each filter: a disc, a bar, stripes, spots, a slope. @shape (96, 96) */
function drawn(): Tensor {
  const pixels = new Float32Array(SIDE * SIDE);
  const spots = [
    [66, 60, 2.5],
    [80, 66, 2.5],
    [68, 76, 2.5],
    [84, 84, 4],
    [60, 88, 1.5],
  ] as const;
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      let value = 0.15 + (0.25 * x) / SIDE;
      if (Math.hypot(x - 24, y - 24) < 16) value = 0.9;
      if (x > 54 && x < 64 && y > 8 && y < 44) value = 0.8;
      if (x > 70 && x < 92 && y > 8 && y < 44) value = Math.floor(y / 4) % 2 ? 0.85 : 0.1;
      if (x < 46 && y > 52 && y < 90) value = Math.floor((x + y) / 6) % 2 ? 0.7 : 0.2;
      for (const [left, top, radius] of spots) if (Math.hypot(x - left, y - top) < radius) value = 1;
      pixels[y * SIDE + x] = value;
    }
  return tensor(pixels, [SIDE, SIDE]);
}

/** A file as a gray image of at most `most` pixels on its longer side, from 0 to 1. @shape (H, W) */
async function readGray(path: string, most: number): Promise<Tensor> {
  const image = await readImage(path, { mode: 'L' });
  const [height, width] = image.shape.slice(1) as [number, number];
  const scale = Math.min(1, most / Math.max(height, width));
  const size = [height, width].map((n) => Math.max(1, Math.round(n * scale)));
  return transforms.toTensor(transforms.resize(image, size)).squeeze(0);
}

interface Result extends PartResult {
  /** @shape (H, W) */
  readonly correlated: Tensor;
  readonly convolved: Tensor;
}

const asGrid = (images: readonly Tensor[]): Tensor => stack(images).unsqueeze(1); // (N, 1, H, W)

/** Filters that people made, on an image: what a convolution sees before anything is learned. */
export const kernels = defineRecipe({
  name: 'kernels',
  section: '3.3',
  title: 'Handmade filters: blur, edges, blobs',
  about:
    'Six filters from before networks learned their own, applied to your picture (--image FILE) or to one ' +
    'that Myelin draws, shown before and after. Layers compute a cross-correlation; a mathematical ' +
    'convolution rotates the filter by 180° first. A table and a picture show for which filters that ' +
    'makes a difference.',
  options: {
    image: {
      kind: 'text',
      default: '',
      value: 'file',
      help: 'picture to filter',
      absent: 'one that Myelin draws',
    },
    size: { kind: 'integer', default: 160, min: 16, max: 640, help: 'most pixels on its longer side' },
  },

  async prepare(context) {
    const { image, size } = context.options;
    const filters = handMade();
    const before = image === '' ? drawn() : await readGray(image, size);
    if (Math.min(...before.shape) < 2)
      throw new ArgumentError(
        'kernels',
        `${image} is a line of pixels; filters need a two-dimensional image`,
      );
    await context.emit(
      text(
        'image',
        `${image === '' ? 'drawn by Myelin' : image}, ${before.shape[1]} × ${before.shape[0]} pixels in gray`,
      ),
    );
    const names = Object.keys(filters);

    return study<Result>(context, {
      parts: Object.entries(filters).map(([name, kernel]) => ({
        name,
        async run() {
          const correlated = crossCorrelate(before, kernel);
          const convolved = convolve(before, kernel);
          const differences = convolved.sub(correlated).abs();
          const [least, most, difference] = (await numbersOf([
            correlated.min(),
            correlated.max(),
            differences.max(),
          ])) as [number, number, number];
          return { numbers: { least, most, difference }, correlated, convolved };
        },
      })),

      conclude(results) {
        const differ = names.filter((_, i) => results[i]!.numbers.difference! > 1e-4);
        return {
          numbers: Object.fromEntries(
            names.map((name, i) => [
              `${name.toLowerCase().replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())}Difference`,
              results[i]!.numbers.difference!,
            ]),
          ),
          line: `convolution differs from cross-correlation for ${differ.length} of ${names.length} filters: ${differ.join(', ')}`,
          report: [
            table(
              ['', 'size', 'least', 'greatest', 'convolution differs by'],
              names.map((name, i) => {
                const { least, most, difference } = results[i]!.numbers;
                return [
                  name,
                  filters[name]!.shape.join(' × '),
                  ...[least, most, difference].map((n) => n!.toFixed(3)),
                ];
              }),
            ),
            'A layer slides its filter over the image unchanged: Σ I[m + i, n + j] · K[i, j], a cross-correlation.',
            'A convolution is Σ I[m − i, n − j] · K[i, j]: the filter is rotated by 180° first. For a filter that is',
            'symmetric, both are the same; edges change their sign. A network learns its filters, and it can learn them',
            "rotated just as well, so the difference doesn't matter to it.",
          ],
        };
      },

      async pictures(results) {
        const correlated = results.map((result) => result.correlated);
        // A lone bright pixel shows a filter: a convolution repeats it, a cross-correlation mirrors it.
        const impulse = zeros([9, 9]);
        impulse.setAt([4, 4], tensor(1));
        const arrow = matrix([
          [0, 0, 1, 0, 0],
          [0, 1, 0, 0, 0],
          [1, 1, 1, 1, 1],
          [0, 1, 0, 0, 0],
          [0, 0, 1, 0, 0],
        ]);
        const edges = results[names.indexOf('vertical edges')]!;
        return [
          {
            name: 'kernels',
            figure: panels(
              [
                await imageGrid(asGrid([before, ...correlated.slice(0, 2)]), {
                  title: 'The image, and blurred',
                  labels: ['before', ...names.slice(0, 2)],
                  range: [0, 1],
                  columns: 2,
                }),
                await imageGrid(
                  asGrid(correlated.slice(2).map((image) => image.div(image.abs().max().add(1e-12)))),
                  {
                    title: 'Edges and spots',
                    subtitle: 'each divided by its greatest absolute value',
                    labels: names.slice(2),
                    signed: true,
                    columns: 2,
                  },
                ),
              ],
              { title: 'Handmade filters', columns: 2 },
            ),
          },
          {
            name: 'filters',
            figure: panels(
              await Promise.all(
                names.map(async (name) => {
                  const filter = (await filters[name]!.toArray()) as number[][];
                  return heatmap(filter, { title: name, width: 240, height: 240 });
                }),
              ),
              { title: 'The filters themselves', columns: 3 },
            ),
          },
          {
            name: 'convolution',
            figure: panels(
              [
                await imageGrid(cat([asGrid([edges.correlated]), asGrid([edges.convolved])]), {
                  title: 'Vertical edges',
                  labels: ['cross-correlation, as in layers', 'convolution: the filter turned'],
                  signed: true,
                  columns: 2,
                }),
                await imageGrid(
                  asGrid([
                    impulse,
                    F.pad(arrow, [2, 2, 2, 2]),
                    crossCorrelate(impulse, arrow),
                    convolve(impulse, arrow),
                  ]),
                  {
                    title: 'A lone pixel filtered by an arrow',
                    labels: ['a pixel', 'the filter', 'cross-correlation', 'convolution'],
                    columns: 4,
                  },
                ),
              ],
              { title: 'Cross-correlation and convolution', columns: 1 },
            ),
          },
        ];
      },
    });
  },
});
