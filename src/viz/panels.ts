import type { NonNormalizedSpec } from 'vega-lite/types_unstable/spec/index.js';
import { requireList } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, defineOptions, flag, instance, whole } from '../core/options.js';
import { requireSome } from './checks.js';
import { Figure, titleSpec } from './figure.js';
import type { Spec } from './spec.js';
import type { Axis } from './text/axis.js';
import { widthOf, withFittingTitle } from './title.js';

export interface PanelsOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Panels in a row (default: 2, or 3 for five or more panels). */
  readonly columns?: number | undefined;
  /** Whether line charts and learning curves have the same vertical scale, which makes them comparable (default false). */
  readonly shareY?: boolean | undefined;
}

/** Width that the panels of a row share, in pixels. */
const ROW = 960;

const panelsOptions = defineOptions({
  ...titleSpec,
  columns: whole(undefined, { least: 1 }),
  shareY: flag(false),
});

/** A panel's specification, with its plotting area scaled and its title smaller than the whole picture's. */
function asPanel(spec: Spec, scale: number): NonNormalizedSpec {
  const scaled: Record<string, unknown> = { ...spec };
  for (const side of ['width', 'height'])
    if (typeof scaled[side] === 'number') scaled[side] = Math.round(scaled[side] * scale);
  if (typeof spec.title === 'object' && spec.title !== null && 'text' in spec.title)
    scaled.title = { ...spec.title, fontSize: 12 };
  return withFittingTitle(scaled) as unknown as NonNormalizedSpec;
}

/** What Vega-Lite would share between panels, although each has its own classes and values. */
const independent = ['color', 'fill', 'stroke', 'strokeDash', 'shape'] as const;

/** Figures in rows of `columns`, as a specification without a title. @internal */
export function inRows(figures: readonly Figure[], columns: number) {
  const inRow = Math.min(columns, figures.length);
  const widest = Math.max(1, ...figures.map(({ spec, scales }) => (scales ? widthOf(spec) : 0)));
  const scale = Math.min(1, ROW / inRow / widest);
  return {
    columns: inRow,
    spacing: 28,
    concat: figures.map(({ spec, scales }) => asPanel(spec, scales ? scale : 1)),
    resolve: { scale: Object.fromEntries(independent.map((channel) => [channel, 'independent' as const])) },
  };
}

/** Title of a picture whose parts have their own titles. */
export const overallTitle = (title: string, ...subtitles: readonly string[]) => ({
  text: title,
  fontSize: 16,
  offset: 16,
  ...(subtitles.length === 0 ? {} : { subtitle: [...subtitles] }),
});

/** The figures with vertical axes that cover the values of all: axes of the same name become one. */
function sharingY(figures: readonly Figure[]): readonly Figure[] {
  const axes: Record<string, Axis> = {};
  for (const { shared } of figures)
    for (const [name, axis] of Object.entries(shared?.axes ?? {})) {
      const before = axes[name] ?? axis;
      if (before.log !== axis.log)
        throw new ArgumentError(
          'panels',
          `${name} is logarithmic only in some panels; shareY needs the same kind of scale`,
        );
      axes[name] = { ...axis, from: Math.min(before.from, axis.from), to: Math.max(before.to, axis.to) };
    }
  return figures.map((figure) => figure.shared?.redraw(axes) ?? figure);
}

const aFigure = instance('a figure', (value): value is Figure => value instanceof Figure);

/**
 * Several figures in one picture, in rows.
 *
 * @throws ArgumentError without figures, or for an invalid number of columns
 * @example
 * const loss = viz.lineChart([{ name: 'loss', x: [1, 2], y: [1, 0.5] }], { title: 'Loss' });
 * const error = viz.lineChart([{ name: 'error', x: [1, 2], y: [0.4, 0.1] }], { title: 'Error' });
 * const figure = viz.panels([loss, error], { title: 'A training' });
 */
export function panels(given: readonly Figure[], options: PanelsOptions): Figure {
  requireList('panels', 'figures', given);
  for (const [i, figure] of given.entries()) checkOption('panels', `figures[${i}]`, aFigure, figure);
  const { title, subtitle, shareY, columns = given.length > 4 ? 3 : 2 } = panelsOptions('panels', options);
  requireSome('panels', 'figures', given.length);
  const figures = shareY ? sharingY(given) : given;
  const spec = () => ({
    title: overallTitle(title, ...(subtitle === undefined ? [] : [subtitle])),
    ...inRows(figures, columns),
  });
  return new Figure(title, spec, (width, color) =>
    [title, ...figures.map((figure) => figure.toText({ columns: width, color }))].join('\n\n'),
  );
}
