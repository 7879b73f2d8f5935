import { type Glyph, glyphs, type Point, type Stroke } from './strokes.js';
import { bell, between, pick, type Uniform } from './uniform.js';

/** Pixels along each side of an image. */
export const SIDE = 28;
/** The digit's longer side, without the pen's width; MNIST fits its digits into 20 pixels. */
const EXTENT = 18;
/** Number of points that replace each segment between two points of a stroke. */
const STEPS = 6;

/** A Catmull–Rom spline through the points of a stroke. */
function smooth(stroke: Stroke): Point[] {
  const last = stroke.length - 1;
  const out: Point[] = [stroke[0]!];
  for (let i = 0; i < last; i++) {
    const a = stroke[Math.max(i - 1, 0)]!;
    const b = stroke[i]!;
    const c = stroke[i + 1]!;
    const d = stroke[Math.min(i + 2, last)]!;
    for (let s = 1; s <= STEPS; s++) {
      const t = s / STEPS;
      const at = (k: 0 | 1): number =>
        b[k] +
        0.5 *
          t *
          (c[k] - a[k] + t * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k] + t * (3 * (b[k] - c[k]) + d[k] - a[k])));
      out.push([at(0), at(1)]);
    }
  }
  return out;
}

/** A hand: how it slants, stretches, wavers, and bends what it writes. */
function hand(random: Uniform): (point: Point) => Point {
  const turn = bell(random, 0.1);
  const slant = bell(random, 0.18) + 0.08;
  const width = between(random, 0.72, 1.2);
  const wave = { x: bell(random, 0.035), y: bell(random, 0.035) };
  const pace = { x: between(random, 2, 6), y: between(random, 2, 6) };
  const phase = { x: between(random, 0, 6.3), y: between(random, 0, 6.3) };
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  return ([px, py]) => {
    const x = px - 0.5 + wave.x * Math.sin(pace.x * py + phase.x);
    const y = py - 0.5 + wave.y * Math.sin(pace.y * px + phase.y);
    const slanted = width * x - slant * y;
    return [cos * slanted - sin * y, sin * slanted + cos * y];
  };
}

/** A segment of the pen's path, in pixels, with its radius at both ends. */
interface Segment {
  readonly a: Point;
  readonly b: Point;
  readonly radius: number;
}

/** The pen's path: scaled to the extent, its center of mass in the middle of the image, as in MNIST. */
function place(strokes: readonly Point[][], random: Uniform): Segment[] {
  const points = strokes.flat();
  const span = (k: 0 | 1): number =>
    Math.max(...points.map((p) => p[k])) - Math.min(...points.map((p) => p[k]));
  const scale = (EXTENT * between(random, 0.88, 1.04)) / Math.max(span(0), span(1), 1e-6);
  const pen = between(random, 0.75, 1.55);
  const pressure = between(random, 0, 0.3);
  const phase = between(random, 0, 6.3);

  const pairs: [Point, Point][] = strokes.flatMap((stroke) =>
    stroke.slice(1).map((b, i): [Point, Point] => [stroke[i]!, b]),
  );
  let mass = 0;
  const center = [0, 0];
  for (const [a, b] of pairs) {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    mass += length;
    center[0]! += (length * (a[0] + b[0])) / 2;
    center[1]! += (length * (a[1] + b[1])) / 2;
  }
  const middle = SIDE / 2;
  const shift = [middle + bell(random, 0.3), middle + bell(random, 0.3)];
  const toPixels = (p: Point): Point => [
    scale * (p[0] - center[0]! / mass) + shift[0]!,
    scale * (p[1] - center[1]! / mass) + shift[1]!,
  ];
  return pairs.map(([a, b], i) => ({
    a: toPixels(a),
    b: toPixels(b),
    radius: pen * (1 + pressure * Math.sin(phase + i / 5)),
  }));
}

/** Inks the pixels around a segment: full within the radius, fading over one pixel. */
function ink({ a, b, radius }: Segment, fade: number, image: Float32Array): void {
  const reach = radius + fade;
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const squared = dx * dx + dy * dy;
  const clip = (v: number): number => Math.min(Math.max(v, 0), SIDE - 1);
  const left = clip(Math.floor(Math.min(a[0], b[0]) - reach));
  const right = clip(Math.ceil(Math.max(a[0], b[0]) + reach));
  const top = clip(Math.floor(Math.min(a[1], b[1]) - reach));
  const bottom = clip(Math.ceil(Math.max(a[1], b[1]) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - a[0];
      const py = y + 0.5 - a[1];
      const along = squared === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / squared, 0), 1);
      const ox = px - along * dx;
      const oy = py - along * dy;
      const away = ox * ox + oy * oy;
      if (away >= reach * reach) continue;
      const depth = (radius + fade / 2 - Math.sqrt(away)) / fade;
      const at = y * SIDE + x;
      if (depth > image[at]!) image[at] = Math.min(depth, 1);
    }
  }
}

/**
 * Draws one digit as a hand would: picks one of the ways to write it, moves its points a little, slants,
 * stretches, and bends it, and varies the pen's width.
 *
 * @param out SIDE × SIDE bytes, 0 paper to 255 ink
 */
export function drawDigit(digit: number, random: Uniform, out: Uint8Array): void {
  const glyph: Glyph = pick(random, glyphs[digit]!);
  const distort = hand(random);
  const waver = between(random, 0.005, 0.03);
  const strokes = glyph.map((stroke) =>
    smooth(stroke.map(([x, y]): Point => [x + bell(random, waver), y + bell(random, waver)])).map(distort),
  );
  const fade = between(random, 0.9, 1.6);
  const dark = between(random, 215, 255);
  const image = new Float32Array(SIDE * SIDE);
  for (const segment of place(strokes, random)) ink(segment, fade, image);
  for (let i = 0; i < image.length; i++) out[i] = Math.round(dark * image[i]!);
}

/**
 * Draws digits with their labels, the ten classes equally often, in random order.
 *
 * @shape images (count, 28, 28), labels (count)
 */
export function drawDigits(count: number, random: Uniform): { images: Uint8Array; labels: Uint8Array } {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [labels[i], labels[j]] = [labels[j]!, labels[i]!];
  }
  const images = new Uint8Array(count * SIDE * SIDE);
  labels.forEach((digit, i) => {
    drawDigit(digit, random, images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
  });
  return { images, labels };
}
