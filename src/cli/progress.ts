import type { PartReport, RecipeContext } from '../recipes/index.js';
import { describeValues } from '../train/progress-bar.js';

const placeOf = ({ part, parts, name }: Omit<PartReport, 'numbers' | 'seconds'>): string =>
  `${String(part).padStart(String(parts).length)}/${parts}  ${name}`;

/** The line of a part of a study that is done. */
export const partLine = (report: PartReport): string =>
  `${process.stdout.isTTY ? '\r\x1b[K' : ''}${placeOf(report)}  ${describeValues(report.numbers)}  ${report.seconds.toFixed(1)} s`;

/** Shows how far the part of a study is: on one line of a terminal that it writes over, elsewhere not. */
export function partDisplay(): Pick<RecipeContext, 'onProgress'> {
  if (!process.stdout.isTTY) return {};
  return {
    onProgress(part, share) {
      const line = `${placeOf(part)}  ${Math.round(100 * share)} %`;
      // A line that wraps could not be written over.
      const shown = line.slice(0, (process.stdout.columns || line.length + 1) - 1);
      process.stdout.write(`\r\x1b[K${shown}${share >= 1 ? '\r\x1b[K' : ''}`);
    },
  };
}
