import type { TopLevelSpec } from 'vega-lite';
import type { Spec } from './figure.js';
import { config } from './theme.js';

/** Draws a specification. Vega takes half a second to load, so it is loaded when first needed. */
export async function toSvg(spec: Spec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compile(spec as TopLevelSpec, { config }).spec), {
    renderer: 'none',
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
