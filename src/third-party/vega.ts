import * as vega from 'vega';

export { parse, resetSVGDefIds, View } from 'vega';
export { compile } from 'vega-lite';

/** What Vega measures text by; its types leave it out. */
interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
  readonly estimateWidth: TextMetrics['width'];
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

export const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
