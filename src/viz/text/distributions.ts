import { textTable } from '../../core/text-table.js';
import { countInto } from '../bins.js';
import { momentsOf } from '../statistics.js';
import { type Axis, axisOf, placeOn } from './axis.js';
import { risingBars } from './bars.js';
import { short } from './numbers.js';

/** The most characters for a distribution, and the fewest; with less room, it's left out. */
const [MOST, LEAST] = [24, 8];

/** Names, statistics, and distributions in a table, over a common axis or each over its own. */
export function distributionTable(
  rows: readonly { readonly name: string; readonly values: ArrayLike<number>; readonly note?: string }[],
  columns: number,
  common?: Axis,
): string[] {
  const table = textTable([
    ['', ...(rows[0]!.note === undefined ? [] : ['shape']), 'mean', 'dev.', 'least', 'most'],
    ...rows.map(({ name, values, note }) => {
      const { mean, deviation, least, most } = momentsOf(values);
      const numbers = [mean, deviation, least, most].map((value) => short(value, 3));
      return [name, ...(note === undefined ? [] : [note]), ...numbers];
    }),
  ]);
  const width = Math.max(...table.map(({ length }) => length));
  const bins = Math.min(MOST, columns - width - 2);
  return table.map((line, i) => {
    if (i === 0 || bins < LEAST) return line.slice(0, columns);
    const { values } = rows[i - 1]!;
    const { least, most } = momentsOf(values);
    const axis = common ?? axisOf([least, most]);
    const counts = countInto(values, (value) => placeOn(axis, value), bins);
    return `${line.padEnd(width)}  ${risingBars(counts, Math.max(...counts), 1)[0]!}`.trimEnd();
  });
}
