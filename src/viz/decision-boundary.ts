import { requireFunction } from '../core/arguments.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { defineOptions, whole } from '../core/options.js';
import { noGrad, type Tensor, tensor } from '../index.js';
import { heading, numbers, sizeOf } from './chart.js';
import { leftOut } from './checks.js';
import { mix, type Rgb, ramp, rgbOf } from './colors.js';
import { cellAt, type Grid, gridLayer, middleOf } from './field.js';
import { type ChartOptions, chartSpec, Figure } from './figure.js';
import { checkPoints, classesOf, drawable, type Points, pointLayer, pointTextLayers } from './scatter.js';
import { axisOf, linear, valueAt } from './text/axis.js';
import { textPlot } from './text/plot.js';
import { colorOf } from './theme.js';

export interface DecisionBoundaryOptions extends ChartOptions {
  /** Points of the grid from left to right (default 400, at most 4000). */
  readonly resolution?: number | undefined;
}

/** Points with their classes. */
export interface ClassifiedPoints extends Points {
  readonly classes: readonly (string | number)[];
}

const decisionBoundaryOptions = defineOptions({
  ...chartSpec,
  resolution: whole(400, { least: 2, most: 4000 }),
});

const MARGIN = 0.08;
/** How much of a class's color its region has; the rest is white. */
const TINT = 0.35;
const white: Rgb = [255, 255, 255];
const border: Rgb = rgbOf('#8a8a8a');
/** Bands of a probability, to show its contours. */
const BANDS = 10;

/** The answers for the grid: classes, or probabilities of the second of two. */
async function askGrid(grid: Grid, predict: (grid: Tensor) => Tensor): Promise<ArrayLike<number>> {
  const total = grid.columns * grid.rows;
  const coordinates = new Float32Array(total * 2);
  for (let cell = 0; cell < total; cell++) coordinates.set(middleOf(grid, cell), cell * 2);
  const input = tensor(coordinates, [total, 2]);
  const output = noGrad(() => predict(input));
  if (output.count !== total)
    throw new ShapeError(
      'decisionBoundary',
      'predict must give one class or probability per point',
      [
        { name: 'grid', axes: '(G, 2)', shape: input.shape },
        { name: 'result', axes: '(G)', shape: output.shape, note: `expected [${total}]` },
      ],
      'from logits, take logits.argmax(1)',
    );
  const answers = await output.data();
  if (!answers.every(Number.isFinite))
    throw new ArgumentError('decisionBoundary', "predict gave values that aren't finite");
  return answers;
}

/** What the answers for the cells of a grid mean. */
interface Regions {
  readonly names: readonly string[];
  /** Position of a cell's class among the names. */
  readonly regionOf: (cell: number) => number;
  readonly tintOf: (cell: number) => Rgb;
}

const tint = (region: number): Rgb => mix(white, rgbOf(colorOf(region)), TINT);

/** Answers as probabilities of the second of two classes, in bands. */
function probabilityRegions(answers: ArrayLike<number>, names: readonly string[]): Regions {
  if (names.length !== 2)
    throw new ArgumentError(
      'decisionBoundary',
      `predict gave probabilities, but there are ${names.length} classes; give class numbers`,
    );
  const ends = [tint(0), white, tint(1)];
  const band = (cell: number): number => Math.min(BANDS - 1, Math.floor(answers[cell]! * BANDS));
  return {
    names,
    regionOf: (cell) => (answers[cell]! < 0.5 ? 0 : 1),
    tintOf: (cell) => ramp(ends, (band(cell) + 0.5) / BANDS),
  };
}

function regionsOf(answers: ArrayLike<number>, of: readonly (string | number)[]): Regions {
  const asked = [...new Set(Array.from(answers))];
  const known = classesOf(of);
  if (!asked.every(Number.isInteger)) {
    const stray = asked.find((answer) => answer < 0 || answer > 1);
    if (stray !== undefined)
      throw new ArgumentError(
        'decisionBoundary',
        `predict gave ${stray}, which is neither a class nor a probability; take the sigmoid of a logit`,
      );
    return probabilityRegions(answers, known.map(String));
  }
  const numbered = known.every((name) => typeof name === 'number');
  const stray = numbered ? undefined : asked.find((answer) => known[answer] === undefined);
  if (stray !== undefined)
    throw new ArgumentError(
      'decisionBoundary',
      `predict gave class ${stray}, but there are ${known.length} class names, counted from 0`,
    );
  const classes = numbered ? classesOf([...known, ...asked]) : known;
  const regionOf = (cell: number): number => (numbered ? classes.indexOf(answers[cell]!) : answers[cell]!);
  const tints = classes.map((_, region) => tint(region));
  return { names: classes.map(String), regionOf, tintOf: (cell) => tints[regionOf(cell)]! };
}

/**
 * The regions that a classifier tells apart in the plane, with the points over them.
 *
 * @param predict class of each point of the grid: the class itself if classes are numbers, else its
 * number in the sorted order of the names; if there are two classes, the probability of the
 * second works too, and is drawn in tenths. It runs without gradients.
 * @shape grid (G, 2), float32 → (G)
 * @throws ArgumentError without points, for lists of different length, or for answers that aren't classes or
 * probabilities of the second of two
 * @throws ShapeError if predict doesn't give one value per point
 * @example
 * const points = { x: [-1, -0.5, 0.5, 1], y: [0, 1, 0, 1], classes: [0, 0, 1, 1] };
 * const figure = await viz.decisionBoundary(
 *   points,
 *   (grid) => grid.select(1, 0).gt(0).to('int32'),
 *   { title: 'Left and right' },
 * );
 */
export async function decisionBoundary(
  points: ClassifiedPoints,
  predict: (grid: Tensor) => Tensor,
  options: DecisionBoundaryOptions,
): Promise<Figure> {
  requireFunction('decisionBoundary', 'predict', predict);
  decisionBoundaryOptions('decisionBoundary', options);
  checkPoints('decisionBoundary', points);
  const { title, xLabel, yLabel, resolution = 400 } = options;
  const rows = drawable(points, {});
  const size = sizeOf(options, { width: 420, height: 360 });
  const x = axisOf(rows.map((row) => row.x));
  const y = axisOf(rows.map((row) => row.y));
  const grid: Grid = {
    x: [valueAt(x, -MARGIN), valueAt(x, 1 + MARGIN)],
    y: [valueAt(y, -MARGIN), valueAt(y, 1 + MARGIN)],
    columns: resolution,
    rows: Math.max(2, Math.round((resolution * size.height) / size.width)),
  };
  const answers = await askGrid(grid, predict);
  const { names, regionOf, tintOf } = regionsOf(answers, points.classes);
  const isBorder = (cell: number): boolean => {
    const region = regionOf(cell);
    const isLast = cell % grid.columns === grid.columns - 1;
    const below = cell + grid.columns;
    return (
      (!isLast && regionOf(cell + 1) !== region) || (below < answers.length && regionOf(below) !== region)
    );
  };
  const colorOfCell = (cell: number): Rgb => (isBorder(cell) ? border : tintOf(cell));
  const axes = {
    x: numbers('x', linear(grid.x), { label: xLabel, exact: true, across: true }),
    y: numbers('y', linear(grid.y), { label: yLabel, exact: true }),
  };
  const missing = leftOut({ values: points.x }, { values: points.y });
  const spec = () => ({
    title: heading(options, missing),
    ...size,
    layer: [gridLayer(grid, colorOfCell, axes), pointLayer(rows, names, axes, true)],
  });
  const shades = [...' ░▒▓'];
  return new Figure(title, spec, (columns, color) =>
    textPlot(
      {
        ...options,
        x: linear(grid.x),
        y: linear(grid.y),
        layers: pointTextLayers(rows, names),
        background: (atX, atY) => shades[regionOf(cellAt(grid, atX, atY)) % shades.length]!,
        notes: [missing],
      },
      columns,
      color,
    ),
  );
}
