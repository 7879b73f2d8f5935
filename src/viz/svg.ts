import { isPlainObject } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, instance } from '../core/options.js';
import { Figure } from './figure.js';
import { toSvg as render } from './render.js';
import type { Spec } from './spec.js';

const drawable = instance(
  'a Figure or a Vega-Lite specification',
  (value): value is Figure | Spec => value instanceof Figure || isPlainObject(value),
);

/** A figure or a specification as SVG, for the operation that the user called. */
export async function svgOf(operation: string, figure: Figure | Spec): Promise<string> {
  checkOption(operation, 'figure', drawable, figure);
  if (figure instanceof Figure) return figure.toSvg();
  try {
    return await render(figure);
  } catch (error) {
    // Vega says of some what's wrong, and stumbles over others.
    const problem = error instanceof Error ? error.message : String(error);
    throw new ArgumentError(
      operation,
      `the figure isn't a Vega-Lite specification that can be drawn: ${problem}\n  hint: viz.lineChart and others make one`,
    );
  }
}

/**
 * A figure, or the Vega-Lite specification of one, as SVG.
 *
 * @throws ArgumentError for anything else
 * @example
 * const { spec } = viz.lineChart([{ name: 'loss', x: [1, 2, 3], y: [0.9, 0.4, 0.3] }], { title: 'Loss' });
 * const svg = await viz.toSvg({ ...spec, width: 800 });
 */
export const toSvg = (figure: Figure | Spec): Promise<string> => svgOf('toSvg', figure);
