import { defineOptions } from '../core/options.js';
import type { Tensor } from '../index.js';
import { requireModule } from '../nn/module/argument.js';
import type { Module } from '../nn/module/module.js';
import { requireSome } from './checks.js';
import { Figure, titleSpec } from './figure.js';
import { histogram } from './histogram.js';
import { imageGrid } from './image-grid.js';
import { inRows, overallTitle } from './panels.js';
import { momentsOf } from './statistics.js';
import { distributionTable } from './text/distributions.js';
import { short } from './text/numbers.js';

export interface WeightsOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
}

const weightsOptions = defineOptions(titleSpec);

/** Most parameters and filters to draw; the picture says if there are more. */
const MOST_PARAMETERS = 24;
const MOST_FILTERS = 64;
const FILTERS_IN_ROW = 16;
const PANEL = { width: 240, height: 110 };

/**
 * The filters of a first layer as images (N, C, H, W): of a convolution over one or three channels, or
 * of a linear layer whose inputs are the pixels of a square.
 */
function filtersOf(weight: Tensor): Tensor | undefined {
  const filters = weight.detach();
  const [outputs, inputs = 0] = weight.shape as [number, number];
  if (weight.ndim === 4) return inputs === 1 || inputs === 3 ? filters : undefined;
  const side = Math.sqrt(inputs);
  if (weight.ndim !== 2 || !Number.isInteger(side) || side < 4) return undefined;
  return filters.reshape([outputs, 1, side, side]); // (N, H·W) → (N, 1, H, W)
}

/** The filters of the first layer, if they are images. */
async function filterImages(parameters: readonly [string, Tensor][]): Promise<Figure | undefined> {
  const [name, weight] = parameters.find(([, { ndim }]) => ndim > 1) ?? parameters[0]!;
  const filters = filtersOf(weight);
  if (!filters) return undefined;
  const [total, channels] = filters.shape as [number, number];
  const shown = Math.min(total, MOST_FILTERS);
  return imageGrid(filters.narrow(0, 0, shown), {
    title: `${name} as images`,
    subtitle: shown < total ? `the first ${shown} of ${total} filters` : `${total} filters`,
    columns: FILTERS_IN_ROW,
    signed: channels === 1,
  });
}

/**
 * The parameters of a network: the filters of its first layer as images, if they are images, and a
 * histogram of each parameter with its mean and standard deviation.
 *
 * @throws ArgumentError for a module without parameters
 * @example
 * const figure = await viz.weights(model, { title: 'After training' });
 * console.log(figure.toText());
 */
export async function weights(model: Module, options: WeightsOptions): Promise<Figure> {
  requireModule('weights', 'model', model);
  const { title, subtitle } = weightsOptions('weights', options);
  const parameters = model.namedParameters();
  requireSome('weights', 'parameters', parameters.length);
  const rows: { name: string; values: Float32Array; note: string }[] = [];
  const histograms: Figure[] = [];
  for (const [name, parameter] of parameters.slice(0, MOST_PARAMETERS)) {
    const values = Float32Array.from(await parameter.data());
    const { mean, deviation } = momentsOf(values);
    const note = parameter.shape.join(' × ') || '1';
    rows.push({ name, values, note });
    const subtitle = `${note}, mean ${short(mean, 3)}, deviation ${short(deviation, 3)}`;
    histograms.push(histogram([{ name, values }], { title: name, subtitle, ...PANEL }));
  }
  const filters = await filterImages(parameters);
  const rest = parameters.length - MOST_PARAMETERS;
  const more = rest > 0 ? `${rest} of ${parameters.length} parameters aren't drawn` : undefined;
  const spec = () => ({
    title: overallTitle(title, ...[subtitle, more].filter((line) => line !== undefined)),
    spacing: 28,
    vconcat: [...(filters ? [inRows([filters], 1)] : []), inRows(histograms, 3)],
  });
  return new Figure(title, spec, (columns) =>
    [title, ...distributionTable(rows, columns), ...(more ? [more] : [])].join('\n'),
  );
}
