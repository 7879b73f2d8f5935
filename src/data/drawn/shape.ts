import { type Outline, outlines } from './outlines.js';
import { bell, between, type Uniform } from './uniform.js';

/** Pixels along each side of an image. */
export const SIDE = 32;
/** Points sampled along each side of a pixel, to soften edges. */
const SAMPLES = 2;

export const shapeNames: readonly string[] = Object.keys(outlines);

type Triple = readonly [number, number, number];

/** A color of this hue (in turns), saturation and value, from 0 to 1. */
function hsv(hue: number, saturation: number, value: number): Triple {
  const channel = (shift: number): number => {
    const k = (shift + 6 * hue) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Two distinguishable colors: of different hues, one light and one dark. */
function colors(random: Uniform): { shape: Triple; ground: Triple } {
  const hue = random();
  const other = hue + between(random, 0.25, 0.75);
  const light = hsv(hue, between(random, 0.3, 0.95), between(random, 0.75, 1));
  const dark = hsv(other, between(random, 0.2, 0.9), between(random, 0.1, 0.45));
  return random() < 0.5 ? { shape: light, ground: dark } : { shape: dark, ground: light };
}

/** The position of a shape: u = a·x + b·y + c, v = d·x + e·y + f of its outline at the pixel x, y. */
interface Place {
  readonly u: Triple;
  readonly v: Triple;
}

/** A position fully inside the image, with the shape rotated and stretched a little. */
function placed(random: Uniform): Place {
  const turn = bell(random, 0.15);
  const size = between(random, 0.24, 0.42) * SIDE;
  const stretch = between(random, 0.85, 1.18);
  const room = SIDE / 2 - size;
  const x = SIDE / 2 + between(random, -room, room);
  const y = SIDE / 2 + between(random, -room, room);
  const [cos, sin] = [Math.cos(turn) / size, Math.sin(turn) / size];
  const row = (a: number, b: number): Triple => [a, b, -a * x - b * y];
  return { u: row(cos * stretch, sin * stretch), v: row(-sin / stretch, cos / stretch) };
}

/** How much of each pixel a shape covers, from 0 to 1. */
function coverage(inside: Outline, { u: [a, b, c], v: [d, e, f] }: Place): Float32Array {
  const covered = new Float32Array(SIDE * SIDE);
  const step = 1 / SAMPLES;
  for (let i = 0; i < covered.length; i++) {
    let hits = 0;
    for (let s = 0; s < SAMPLES * SAMPLES; s++) {
      const x = (i % SIDE) + ((s % SAMPLES) + 0.5) * step;
      const y = Math.floor(i / SIDE) + (Math.floor(s / SAMPLES) + 0.5) * step;
      if (inside(a * x + b * y + c, d * x + e * y + f)) hits++;
    }
    covered[i] = hits * step * step;
  }
  return covered;
}

/**
 * Draws a shape in one color on another that runs from light to dark, with noise.
 *
 * @param out planes of red, green and blue, each SIDE × SIDE
 */
export function drawShape(label: number, random: Uniform, out: Uint8Array): void {
  const { shape, ground } = colors(random);
  const covered = coverage(outlines[shapeNames[label]!]!, placed(random));
  const [slopeX, slopeY] = [bell(random, 0.15), bell(random, 0.15)];
  const noise = between(random, 0.02, 0.1);
  for (let i = 0; i < out.length; i++) {
    const channel = Math.floor(i / covered.length);
    const pixel = i % covered.length;
    const share = covered[pixel]!;
    const color = share * shape[channel]! + (1 - share) * ground[channel]!;
    const light = 1 + slopeX * ((pixel % SIDE) / SIDE - 0.5) + slopeY * (pixel / SIDE / SIDE - 0.5);
    const value = color * light + noise * (2 * random() - 1);
    out[i] = Math.round(255 * Math.min(Math.max(value, 0), 1));
  }
}
