import { formatShape } from '../../core/errors.js';
import type { SummaryData, SummaryRow } from './summary-row.js';

const number = (n: number): string => n.toLocaleString('en');

/** 1500 → 1.5 kB */
function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = n;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** The name of a module relative to its caller. */
function names(rows: readonly SummaryRow[]): string[] {
  const above: string[] = [];
  return rows.map(({ path, type, depth }) => {
    above.length = depth;
    const outer = above.at(-1) ?? '';
    above.push(path);
    if (path === '') return type;
    const name = outer !== '' && path.startsWith(`${outer}.`) ? path.slice(outer.length + 1) : path;
    return `${'  '.repeat(depth)}${name}: ${type}`;
  });
}

function mark({ parameters, trainable, shared }: SummaryRow): string {
  if (shared > 0) return parameters > 0 ? ' (partly shared)' : ' (shared)';
  return parameters > 0 && trainable === 0 ? ' (frozen)' : '';
}

const unlessZero = (n: number, text: (n: number) => string): string => (n === 0 ? '' : text(n));

const header = ['layer', 'output shape', 'parameters', 'multiply-adds', 'activations'];

/** The table and the totals. */
export function summaryText({ rows, ...sums }: SummaryData): string {
  const name = names(rows);
  const cells = rows.map((row, i) => [
    name[i]! + mark(row),
    (row.outputShapes ?? []).map(formatShape).join(', '),
    unlessZero(row.parameters, number),
    row.multiplyAdds === null ? '?' : unlessZero(row.multiplyAdds, number),
    unlessZero(row.activationBytes, bytes),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const { parameters, trainable, multiplyAdds, uncounted, bytes: memory } = sums;
  const unknown = uncounted.map((path) => path || 'the model itself').join(', ');
  return [
    line(header),
    ...cells.map(line),
    '',
    `parameters     ${number(parameters)}, of which ${number(trainable)} learn`,
    `multiply-adds  ${uncounted.length > 0 ? 'at least ' : ''}${number(multiplyAdds)}` +
      (uncounted.length > 0 ? ` (unknown: ${unknown})` : ''),
    `memory         inputs ${bytes(memory.inputs)}, activations ${bytes(memory.activations)}, ` +
      `parameters ${bytes(memory.parameters)}, buffers ${bytes(memory.buffers)}`,
  ].join('\n');
}
