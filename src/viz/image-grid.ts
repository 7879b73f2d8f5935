import { plural } from '../core/describe.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { defineOptions, either, flag, listOf, number, pairOf, text, whole } from '../core/options.js';
import type { Tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { heading } from './chart.js';
import { requireSome } from './checks.js';
import { diverging, type Rgb, ramp } from './colors.js';
import { Figure, titleSpec } from './figure.js';
import { textWidth } from './font.js';
import { imageUrl } from './image.js';
import { shadedGrid } from './text/image.js';
import { alike } from './text/numbers.js';
import { ink } from './theme.js';

export interface ImageGridOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** A line under each image. */
  readonly labels?: readonly (string | number)[] | undefined;
  /** Images in a row (default: by their number, at most 10). */
  readonly columns?: number | undefined;
  /**
   * The values that are black and white (default: 0 and 255 for uint8; 0 and 1 where all values lie
   * between; else the least and the greatest, which the subtitle then says).
   */
  readonly range?: readonly [black: number, white: number] | undefined;
  /** Whether values are blue below 0, white at 0 and red above; for images of one channel (default false). */
  readonly signed?: boolean | undefined;
}

/** Width to which rows of images are enlarged, and the most pixels for each pixel of an image. */
const [USUAL, LARGEST] = [640, 8];
const GAP = 6;
const FONT = 10;
const LABEL = FONT + 6;

const imageGridOptions = defineOptions({
  ...titleSpec,
  labels: listOf(either(text(''), number(0)), undefined),
  columns: whole(undefined, { least: 1 }),
  range: pairOf(number(0), undefined),
  signed: flag(false),
});

const byte = (share: number): number => Math.round(255 * Math.min(1, Math.max(0, share)));

/** The values that are drawn black and white, and whether the picture needs to say so. */
function rangeOf(
  x: Tensor,
  values: ArrayLike<number>,
  signed: boolean,
): { range: [number, number]; said: boolean } {
  if (x.dtype === 'uint8') return { range: [0, 255], said: false };
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return { range: [0, 1], said: false };
  if (signed) {
    const reach = Math.max(-least, most) || 1;
    return { range: [-reach, reach], said: true };
  }
  if (least >= 0 && most <= 1) return { range: [0, 1], said: false };
  return { range: [least, most > least ? most : least + 1], said: true };
}

function check(images: Tensor, { labels, range, signed }: ImageGridOptions): void {
  const [n, channels] = images.shape;
  if (images.ndim !== 4 || (channels !== 1 && (channels !== 3 || signed)))
    throw new ShapeError(
      'imageGrid',
      signed
        ? 'signed images have one channel'
        : 'images have one channel (gray) or three (red, green, blue)',
      [{ name: 'images', axes: '(N, C, H, W)', shape: images.shape }],
      images.ndim === 3
        ? 'for one channel, use images.unsqueeze(1); for a single image, images.unsqueeze(0)'
        : undefined,
    );
  requireSome('imageGrid', 'images', images.count);
  if (labels && labels.length !== n)
    throw new ArgumentError('imageGrid', `got ${plural(labels.length, 'label')} for ${plural(n!, 'image')}`);
  if (range && !(range[0] < range[1]))
    throw new ArgumentError('imageGrid', `from ${range[0]} to ${range[1]} isn't a range`);
}

/**
 * Images side by side. Pixels that aren't finite are magenta.
 *
 * @shape images (N, C, H, W), C 1 or 3
 * @throws ShapeError for another number of axes or channels
 * @throws ArgumentError without images, or for labels, columns, or a range that don't match
 * @example
 * const { images, labels } = data.drawnDigits({ train: 10, test: 1 }).train;
 * const figure = await viz.imageGrid(tensor(images, [10, 1, 28, 28]), { title: 'Digits', labels: [...labels] });
 * console.log(figure.toText());
 */
export async function imageGrid(images: Tensor, options: ImageGridOptions): Promise<Figure> {
  checkTensors('imageGrid', { images });
  imageGridOptions('imageGrid', options);
  check(images, options);
  const { title, labels, signed = false } = options;
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const columns = Math.min(n, options.columns ?? Math.min(10, Math.ceil(Math.sqrt(n * 1.6))));
  const rows = Math.ceil(n / columns);
  const values = await images.data();
  const { range, said } = options.range
    ? { range: options.range, said: true }
    : rangeOf(images, values, signed);
  const share = (value: number): number => (value - range[0]) / (range[1] - range[0]);
  const pixels = height * width;
  const shareOf = (image: number, channel: number, pixel: number): number =>
    share(values[(image * channels + Math.min(channel, channels - 1)) * pixels + pixel]!);
  const colorOf = (image: number, pixel: number): Rgb => {
    const rgb = [0, 1, 2].map((channel) => shareOf(image, channel, pixel));
    if (!rgb.every(Number.isFinite)) return [255, 0, 255];
    return signed ? ramp(diverging, rgb[0]!) : (rgb.map(byte) as unknown as Rgb);
  };
  const widest = labels ? Math.max(...labels.map((label) => textWidth(String(label), FONT))) : 0;
  const zoom = Math.min(LARGEST, Math.max(1, Math.floor((USUAL / columns - GAP) / width)));
  const cellWidth = Math.max(width * zoom, Math.min(widest, 120)) + GAP;
  const cellHeight = height * zoom + GAP + (labels ? LABEL : 0);
  const cellOf = (image: number) => {
    const rgb = new Uint8Array(pixels * 3);
    for (let pixel = 0; pixel < pixels; pixel++) rgb.set(colorOf(image, pixel), pixel * 3);
    const left = (image % columns) * cellWidth + (cellWidth - width * zoom) / 2;
    const top = Math.floor(image / columns) * cellHeight;
    return {
      url: imageUrl(width, height, rgb),
      left,
      top,
      right: left + width * zoom,
      bottom: top + height * zoom,
      label: String(labels?.[image] ?? ''),
    };
  };
  const size = { width: columns * cellWidth, height: rows * cellHeight };
  const place = (field: string, axis: 'width' | 'height') => ({
    field,
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: axis === 'width' ? [0, size.width] : [size.height, 0], nice: false },
  });
  const note = said ? `values from ${alike(range, 3).join(' to ')}` : undefined;
  const spec = () => ({
    title: heading(options, note),
    ...size,
    view: { stroke: null },
    data: { values: Array.from({ length: n }, (_, image) => cellOf(image)) },
    layer: [
      {
        mark: { type: 'image' as const, aspect: false, smooth: false },
        encoding: {
          x: place('left', 'width'),
          x2: { field: 'right' },
          y: place('top', 'height'),
          y2: { field: 'bottom' },
          url: { field: 'url', type: 'nominal' as const },
        },
      },
      {
        transform: [{ calculate: '(datum.left + datum.right) / 2', as: 'middle' }],
        mark: {
          type: 'text' as const,
          baseline: 'top' as const,
          dy: 3,
          fontSize: FONT,
          color: ink,
          limit: cellWidth - 2,
        },
        encoding: {
          x: place('middle', 'width'),
          y: place('bottom', 'height'),
          text: { field: 'label', type: 'nominal' as const },
        },
      },
    ],
  });
  const gray = (image: number, pixel: number): number =>
    channels === 1
      ? shareOf(image, 0, pixel)
      : 0.299 * shareOf(image, 0, pixel) +
        0.587 * shareOf(image, 1, pixel) +
        0.114 * shareOf(image, 2, pixel);
  const shadings = Array.from({ length: n }, (_, image) => ({
    width,
    height,
    at: (x: number, y: number) => gray(image, y * width + x),
  }));
  return new Figure(
    title,
    spec,
    (room) =>
      [title, ...shadedGrid(shadings, labels?.map(String), columns, room), ...(note ? [note] : [])].join(
        '\n',
      ),
    false,
  );
}
