import { requireList, requireRecords } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { either, numberList, required, text } from '../core/options.js';
import { noGrad, Tensor } from '../index.js';
import { requireModule } from '../nn/module/argument.js';
import type { Layer } from '../nn/module/module.js';
import { checkTensors } from '../tensor/argument.js';
import { tensorOption } from '../tensor/option.js';
import { countInto } from './bins.js';
import { heading, numbers, sizeOf } from './chart.js';
import { isDrawable, leftOut, requireSome } from './checks.js';
import { type ChartOptions, chartOptions, Figure } from './figure.js';
import { momentsOf } from './statistics.js';
import { axisOf, placeOn, valueAt } from './text/axis.js';
import { distributionTable } from './text/distributions.js';
import { short } from './text/numbers.js';
import { colorOf, faint } from './theme.js';

/** The output of a layer, or its gradients, or anything else with one value per unit. */
export interface LayerValues {
  readonly name: string;
  readonly values: Tensor | readonly number[] | Float32Array;
}

const layerSpec = {
  name: required(text('')),
  values: required(either(tensorOption, numberList(undefined))),
};

/**
 * The output of each innermost module when the model runs on an input, in the order of the calls;
 * for `activations`. It runs without gradients, in the model's current mode.
 *
 * @example
 * const layers = viz.layerOutputs(model, x);
 * layers.map(({ name }) => name); // ['0 Linear', '1 ReLU', '2 Linear']
 * const figure = await viz.activations(layers, { title: 'Activations' });
 */
export function layerOutputs(model: Layer, input: Tensor): LayerValues[] {
  checkTensors('layerOutputs', { input });
  requireModule('layerOutputs', 'model', model);
  const outputs: LayerValues[] = [];
  const handles = model
    .namedModules()
    .filter(([, module]) => module.children().length === 0)
    .map(([path, module]) =>
      module.registerForwardHook((_, _inputs, values: unknown) => {
        const name = `${path} ${module.constructor.name}`.trimStart();
        if (values instanceof Tensor) outputs.push({ name, values });
      }),
    );
  try {
    noGrad(() => model.forward(input));
  } finally {
    for (const handle of handles) handle.remove();
  }
  return outputs;
}

const BINS = 80;
/** Height of a layer's row, in pixels, and the share of it that its distribution may fill. */
const ROW = 46;
const FILL = 0.88;

/**
 * The distribution of values in each layer, from the first (top) to the last: whether they vanish,
 * explode, or saturate with depth. All are equally high; each has its mean and standard deviation
 * beside it.
 *
 * @param layers name and values of each layer, in order
 * @throws ArgumentError without layers, or for a layer without finite values
 * @example
 * const h = x.tanh();
 * const figure = await viz.activations(
 *   [
 *     { name: 'input', values: x },
 *     { name: 'tanh', values: h },
 *   ],
 *   { title: 'Activations' },
 * );
 * console.log(figure.toText());
 */
export async function activations(layers: readonly LayerValues[], options: ChartOptions): Promise<Figure> {
  requireList('activations', 'layers', layers);
  chartOptions('activations', options);
  requireRecords('activations', 'layers', layers, layerSpec);
  requireSome('activations', 'layers', layers.length);
  const { title, xLabel, xLog = false } = options;
  const all = await Promise.all(
    layers.map(async ({ name, values }) => ({
      name,
      values: values instanceof Tensor ? await values.detach().data() : values,
    })),
  );
  const drawn = all.map(({ name, values }) => ({
    name,
    values: Float64Array.from(values as ArrayLike<number>).filter((value) => isDrawable(value, xLog)),
  }));
  const hollow = drawn.find(({ values }) => values.length === 0);
  if (hollow)
    throw new ArgumentError(
      'activations',
      `'${hollow.name}' has no finite values${xLog ? ' above 0' : ''} to draw`,
    );
  const moments = drawn.map(({ values }) => momentsOf(values));
  const axis = axisOf(
    moments.flatMap(({ least, most }) => [least, most]),
    xLog,
  );
  const missing = leftOut({ values: all.flatMap(({ values }) => Array.from(values)), log: xLog });
  const outlines = drawn.flatMap(({ values }, depth) => {
    const counts = countInto(values, (value) => placeOn(axis, value), BINS);
    const most = Math.max(...counts);
    return [...counts, 0].map((count, i) => ({
      layer: depth,
      edge: valueAt(axis, i / BINS),
      base: depth + 1,
      top: depth + 1 - (FILL * count) / most,
    }));
  });
  const labels = moments.map(({ mean, deviation }, depth) => ({
    base: depth + 1,
    text: `mean ${short(mean, 3)}, dev. ${short(deviation, 3)}`,
  }));
  const size = sizeOf(options, { width: 420, height: ROW * layers.length });
  const y = {
    type: 'quantitative' as const,
    title: options.yLabel ?? null,
    scale: { domain: [layers.length, 0], nice: false },
    axis: {
      values: layers.map((_, depth) => depth + 1),
      labelExpr: `${JSON.stringify(layers.map(({ name }) => name))}[datum.value - 1]`,
      labelBaseline: 'bottom' as const,
      labelLimit: 200,
      ticks: false,
      domain: false,
    },
  };
  const x = numbers('edge', axis, { label: xLabel, across: true });
  const spec = () => ({
    title: heading(options, missing),
    ...size,
    view: { stroke: null },
    layer: [
      {
        data: { values: outlines },
        mark: {
          type: 'area' as const,
          interpolate: 'step-after' as const,
          color: colorOf(0),
          fillOpacity: 0.6,
        },
        encoding: {
          x,
          y: { ...y, field: 'top', stack: null },
          y2: { field: 'base' },
          detail: { field: 'layer', type: 'nominal' as const },
        },
      },
      {
        data: { values: labels },
        mark: {
          type: 'text' as const,
          align: 'left' as const,
          baseline: 'bottom' as const,
          dx: 10,
          fontSize: 10,
          color: faint,
        },
        encoding: {
          x: { value: 'width' as const },
          y: { ...y, field: 'base' },
          text: { field: 'text', type: 'nominal' as const },
        },
      },
    ],
  });
  return new Figure(title, spec, (columns) =>
    [title, ...distributionTable(drawn, columns, axis), ...(missing ? [missing] : [])].join('\n'),
  );
}
