import type { Config } from 'vega-lite';

/** DejaVu Sans has the widths of Verdana, which is where DejaVu is not. */
export const fontFamily = 'DejaVu Sans, Verdana, sans-serif';

/** Ten colours that people with any colour vision can tell apart (Petroff 2021, doi:10.48550/arXiv.2107.02270). */
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

export const config: Config = {
  background: 'white',
  font: fontFamily,
  range: { category: [...palette] },
};
