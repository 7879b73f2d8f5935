import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './font.js';
import type { Spec } from './spec.js';
import { config } from './theme.js';

async function load(): Promise<typeof import('../third-party/vega.js')> {
  const vega = await import('../third-party/vega.js');
  const metrics = vega.textMetrics;
  // Without a canvas, Vega assumes that all letters are equally wide.
  if (metrics.width === metrics.estimateWidth)
    metrics.width = ({ fontSize = 11, fontWeight }, text) =>
      textWidth(String(text ?? ''), fontSize, fontWeight === 'bold');
  return vega;
}

/** Characters that XML can't contain, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this finds them
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Vega numbers clip paths and gradients across drawings, so drawings are made one at a time, each from number 0. */
let last: Promise<unknown> = Promise.resolve();

/** Draws a specification. Vega takes half a second to load, so it's loaded when first needed. */
export function toSvg(spec: Spec): Promise<string> {
  const drawing = last.then(async () => {
    const vega = await load();
    const { spec: compiled } = vega.compile(spec as unknown as TopLevelSpec, { config });
    const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
    vega.resetSVGDefIds();
    try {
      return (await view.toSVG()).replace(notXml, '');
    } finally {
      view.finalize();
    }
  });
  last = drawing.catch(() => {});
  return drawing;
}
