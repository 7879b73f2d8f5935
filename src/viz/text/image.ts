import { shortened } from './wrap.js';

const shades = [...' ░▒▓█'];

/** A picture of numbers from 0 (dark) to 1 (light), row by row. */
export interface Shading {
  readonly width: number;
  readonly height: number;
  readonly at: (column: number, row: number) => number;
}

/** The mean of the pixels that a cell covers. */
function meanOver(
  { width, height, at }: Shading,
  [left, right]: readonly number[],
  [top, bottom]: readonly number[],
): number {
  const [x0, y0] = [Math.floor(left!), Math.floor(top!)];
  const [x1, y1] = [Math.max(x0 + 1, Math.ceil(right! - 1e-9)), Math.max(y0 + 1, Math.ceil(bottom! - 1e-9))];
  let sum = 0;
  let count = 0;
  for (let y = y0; y < Math.min(y1, height); y++)
    for (let x = x0; x < Math.min(x1, width); x++) {
      const value = at(x, y);
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
  return count === 0 ? Number.NaN : sum / count;
}

/** Shades of blocks, at most `columns` wide; a character is as high as two are wide. NaN shows as `?`. */
export function shadedImage(image: Shading, columns: number): string[] {
  const wide = Math.max(1, Math.min(image.width, columns));
  const scale = image.width / wide;
  const high = Math.max(1, Math.round(image.height / scale / 2));
  return Array.from({ length: high }, (_, row) =>
    Array.from({ length: wide }, (_, column) => {
      const mean = meanOver(
        image,
        [column * scale, (column + 1) * scale],
        [(row * image.height) / high, ((row + 1) * image.height) / high],
      );
      return Number.isNaN(mean)
        ? '?'
        : shades[Math.min(shades.length - 1, Math.floor(Math.min(1, Math.max(0, mean)) * shades.length))]!;
    })
      .join('')
      .trimEnd(),
  );
}

/** With fewer characters than this, an image is unrecognizable. */
const NARROWEST = 14;

/** Images side by side, at most `inRow`, as many as fit in `columns`; a label under each. */
export function shadedGrid(
  images: readonly Shading[],
  labels: readonly string[] | undefined,
  inRow: number,
  columns: number,
): string[] {
  const { width } = images[0]!;
  const wide = Math.min(width, columns, Math.max(NARROWEST, Math.floor((columns + 1) / inRow) - 1));
  const fitting = Math.max(1, Math.min(inRow, Math.floor((columns + 1) / (wide + 1))));
  const lines: string[] = [];
  for (let first = 0; first < images.length; first += fitting) {
    const drawn = images.slice(first, first + fitting).map((image) => shadedImage(image, wide));
    const under = labels?.slice(first, first + fitting).map((label) => shortened(label, wide));
    const row = drawn[0]!.map((_, line) => drawn.map((image) => image[line]!));
    for (const cells of under ? [...row, under] : row)
      lines.push(
        cells
          .map((cell) => cell.padEnd(wide))
          .join(' ')
          .trimEnd(),
      );
  }
  return lines;
}
