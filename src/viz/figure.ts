import type { NonNormalizedSpec } from 'vega-lite/types_unstable/spec/index.js';
import { defineOptions, flag, number, required, text } from '../core/options.js';
import { toSvg } from './render.js';
import type { Spec } from './spec.js';
import type { Axis } from './text/axis.js';
import { wrap } from './text/wrap.js';
import { withFittingTitle } from './title.js';

export interface TextOptions {
  /** Width of the terminal in characters (default 80, at least 24). */
  readonly columns?: number | undefined;
  /** Whether to distinguish series by terminal colors (ANSI codes; default false). */
  readonly color?: boolean | undefined;
}

/** Terminals narrower than this are treated as if they were as wide. */
const NARROWEST = 24;

const textOptions = defineOptions({ columns: number(80), color: flag(false) });

/** A picture's vertical axes by name, and the same picture with others, so panels can share them. */
export interface SharedAxes {
  readonly axes: Readonly<Record<string, Axis>>;
  redraw(axes: Readonly<Record<string, Axis>>): Figure;
}

/** A picture, drawn on demand. */
export class Figure {
  readonly #makeSpec: () => NonNormalizedSpec;
  readonly #text: (columns: number, color: boolean) => string;
  #spec: NonNormalizedSpec | undefined;

  /**
   * @internal
   * @param spec makes the specification, when it is first needed
   * @param text makes the form for a terminal
   */
  constructor(
    readonly title: string,
    spec: () => NonNormalizedSpec,
    text: (columns: number, color: boolean) => string,
    /** Whether it can be drawn smaller, as one of several panels; text in cells wouldn't shrink with it. */
    readonly scales = true,
    readonly shared?: SharedAxes,
  ) {
    this.#makeSpec = spec;
    this.#text = text;
  }

  /** The picture as a Vega-Lite specification, in case you want to change it. */
  get spec(): Spec {
    this.#spec ??= withFittingTitle(this.#makeSpec());
    return this.#spec as unknown as Spec;
  }

  /** The picture as SVG. The same data give the same text. */
  toSvg(): Promise<string> {
    return toSvg(this.spec);
  }

  /** A compact form for a terminal, no wider than `columns`. */
  toText(options?: TextOptions): string {
    const { columns, color } = textOptions('Figure.toText', options);
    const width = Math.max(columns, NARROWEST);
    return wrap(this.#text(width, color), width);
  }
}

/** Options of all charts. */
export interface ChartOptions {
  readonly title: string;
  /** A second, smaller line under the title. */
  readonly subtitle?: string | undefined;
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** Whether the axis is logarithmic (default false), which leaves out values of 0 and below. */
  readonly xLog?: boolean | undefined;
  readonly yLog?: boolean | undefined;
  /** Size of the plotting area, in pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const length = number(undefined, { above: 0 });

/** The options of titles. */
export const titleSpec = { title: required(text(undefined)), subtitle: text(undefined) };

/** The options of `ChartOptions`. */
export const chartSpec = {
  ...titleSpec,
  xLabel: text(undefined),
  yLabel: text(undefined),
  xLog: flag(undefined),
  yLog: flag(undefined),
  width: length,
  height: length,
};

/** Reads `ChartOptions`. */
export const chartOptions = defineOptions(chartSpec);

/** A curve: y over x. */
export interface Series {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dashed?: boolean | undefined;
  /** Whether to mark the points in addition to the line; `'only'`: without a line. */
  readonly points?: boolean | 'only' | undefined;
  /** Number of its color in the palette (default: its position among the curves). */
  readonly color?: number | undefined;
}
