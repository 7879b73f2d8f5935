import { defineOptions } from '../../core/options.js';
import { cat, type Tensor, tensor } from '../../index.js';
import { checkRange, oneOrTwo, type Range, symmetric } from './checks.js';
import { adjustBrightness, adjustContrast, adjustSaturation } from './color.js';
import type { Draws } from './draws.js';
import { adjustHue } from './hue.js';
import { checkColors } from './images.js';
import { type ImageSize, Transform } from './transform.js';

const factors = [0, Number.POSITIVE_INFINITY] as const;
const turns = [-0.5, 0.5] as const;

/** The adjustments, in the order their factors are drawn; the neutral factor changes nothing. */
const adjustments = [
  { name: 'brightness', adjust: adjustBrightness, neutral: 1, bounds: factors },
  { name: 'contrast', adjust: adjustContrast, neutral: 1, bounds: factors },
  { name: 'saturation', adjust: adjustSaturation, neutral: 1, bounds: factors },
  { name: 'hue', adjust: adjustHue, neutral: 0, bounds: turns },
] as const;

type Adjustment = (typeof adjustments)[number];

/** An adjustment and by how much. */
interface Step {
  readonly adjustment: Adjustment;
  readonly factor: number;
}

export interface ColorJitterOptions {
  /** b: a factor from [max(0, 1 − b), 1 + b], or the range itself (default 0). */
  readonly brightness?: number | Range;
  /** Likewise. */
  readonly contrast?: number | Range;
  /** Likewise. */
  readonly saturation?: number | Range;
  /** h: turns from [−h, h], h at most 0.5, or the range itself (default 0). */
  readonly hue?: number | Range;
}

const jitterOptions = defineOptions({
  brightness: oneOrTwo(0),
  contrast: oneOrTwo(0),
  saturation: oneOrTwo(0),
  hue: oneOrTwo(0),
});

/** The range of an adjustment's factor; null if it changes nothing. */
function rangeOf({ name, neutral, bounds }: Adjustment, value: number | Range): Range | null {
  const [from, to] = symmetric('ColorJitter', name, value);
  const range: Range =
    typeof value === 'number' ? [Math.max(neutral + from, bounds[0]), neutral + to] : [from, to];
  checkRange('ColorJitter', name, range, bounds);
  return range[0] === neutral && range[1] === neutral ? null : range;
}

/** Images that need the same adjustments in the same order, by their places in the batch. */
function byOrder(drawn: readonly (readonly Step[])[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  drawn.forEach((steps, n) => {
    const order = steps.map((step) => step.adjustment.name).join();
    const group = groups.get(order);
    if (group) group.push(n);
    else groups.set(order, [n]);
  });
  return [...groups.values()];
}

const places = (numbers: readonly number[]): Tensor => tensor(numbers, { dtype: 'int32' });

/**
 * Changes brightness, contrast, saturation, and hue by random factors, in random order.
 *
 * @shape (N, C, H, W), C = 1 or 3, and the same afterward
 * @throws ArgumentError; ShapeError unless the images are gray or RGB
 * @example
 * const jitter = new vision.transforms.ColorJitter({ brightness: 0.2, contrast: 0.2, hue: [0, 0.1] });
 * jitter.forward(rand([4, 3, 8, 8])).shape; // [4, 3, 8, 8]
 */
export class ColorJitter extends Transform<readonly Step[]> {
  readonly ranges: Readonly<Record<Adjustment['name'], Range | null>>;

  constructor(options?: ColorJitterOptions) {
    super();
    const { brightness, contrast, saturation, hue } = jitterOptions(new.target.name, options);
    this.ranges = {
      brightness: rangeOf(adjustments[0], brightness),
      contrast: rangeOf(adjustments[1], contrast),
      saturation: rangeOf(adjustments[2], saturation),
      hue: rangeOf(adjustments[3], hue),
    };
  }

  override draw(_: ImageSize, draws: Draws): readonly Step[] {
    const order = draws.order(adjustments.length);
    const steps = adjustments.map((adjustment) => {
      const range = this.ranges[adjustment.name];
      return range && { adjustment, factor: draws.uniform(...range) };
    });
    return order.map((i) => steps[i]!).filter((step) => step !== null);
  }

  override apply(images: Tensor, drawn: readonly (readonly Step[])[]): Tensor {
    checkColors('ColorJitter', images);
    const groups = byOrder(drawn);
    const adjusted = groups.map((group) =>
      drawn[group[0]!]!.reduce(
        (x, { adjustment }, k) =>
          adjustment.adjust(
            x,
            group.map((n) => drawn[n]![k]!.factor),
          ),
        groups.length === 1 ? images : images.indexSelect(0, places(group)),
      ),
    );
    if (groups.length === 1) return adjusted[0]!;
    const back = new Array<number>(drawn.length);
    groups.flat().forEach((n, i) => {
      back[n] = i;
    });
    return cat(adjusted).indexSelect(0, places(back));
  }

  protected override describe(): string {
    return adjustments
      .map(({ name }) => `${name}=${this.ranges[name] && `[${this.ranges[name].join(', ')}]`}`)
      .join(', ');
  }
}
