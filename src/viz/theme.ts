import type { Config } from 'vega-lite';
import { fontFamily } from './font.js';

/** Ten colors that people with any color vision can tell apart. @source Petroff 2021, arXiv:2107.02270 */
export const palette: readonly string[] = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
];

/** Color of the series or class number `i`. */
export const colorOf = (i: number): string => palette[i % palette.length]!;

export const ink = '#333333';
export const faint = '#8a8a8a';
const hairline = '#e6e6e6';

/** Size of a chart's plotting area, in pixels. */
export const size = { width: 480, height: 300 } as const;

export const config: Config = {
  background: 'white',
  font: fontFamily,
  aria: false,
  padding: 12,
  view: { stroke: hairline },
  title: {
    anchor: 'start',
    frame: 'group',
    color: ink,
    fontSize: 14,
    offset: 10,
    subtitleColor: faint,
    subtitleFontSize: 11,
    subtitlePadding: 5,
  },
  axis: {
    labelColor: ink,
    labelFontSize: 11,
    titleColor: ink,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    gridColor: hairline,
    tickColor: faint,
    tickSize: 4,
    domainColor: faint,
    labelFlush: false,
    labelSeparation: 6,
  },
  legend: {
    labelColor: ink,
    labelFontSize: 11,
    titleColor: ink,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    labelLimit: 200,
    symbolStrokeWidth: 2,
  },
  range: { category: [...palette] },
  line: { strokeWidth: 2, strokeJoin: 'round' },
};
