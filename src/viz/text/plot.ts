import { type Axis, placeOn, valueAt } from './axis.js';
import { inColor } from './color.js';
import { marksAlike } from './numbers.js';

/** Points, or a curve through them. */
export interface Layer {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Whether to join the points; a value that isn't finite leaves a gap. */
  readonly joined: boolean;
}

export interface TextPlot {
  readonly title: string;
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
  /** What's behind a cell, by the position of its center, from 0 to 1 each. */
  readonly background?: ((x: number, y: number) => string) | undefined;
  readonly notes?: readonly (string | undefined)[] | undefined;
  /** Lines between the axes (default 15). */
  readonly rows?: number | undefined;
}

const marks = [...'●○▲△■□◆◇×+abcdefghijklmnopqrstuvwxyz'];

/** The mark of each layer: its name, if all are single characters. */
export function marksOf(names: readonly string[]): string[] {
  const single = names.length > 1 && names.every((name) => [...name].length === 1);
  return names.map((name, i) => (single ? name : marks[i % marks.length]!));
}

/** Visits the dots of a layer on a grid of `columns` by `rows`, from the top left. */
function visitDots(
  { x: xs, y: ys, joined }: Layer,
  { x, y }: Pick<TextPlot, 'x' | 'y'>,
  [columns, rows]: readonly [number, number],
  visit: (column: number, row: number) => void,
): void {
  let before: readonly [number, number] | undefined;
  for (let i = 0; i < xs.length; i++) {
    const column = Math.round(placeOn(x, xs[i]!) * (columns - 1));
    const row = Math.round((1 - placeOn(y, ys[i]!)) * (rows - 1));
    if (!Number.isFinite(column) || !Number.isFinite(row)) {
      before = undefined;
      continue;
    }
    const [fromColumn, fromRow] = (joined && before) || [column, row];
    const steps = Math.max(Math.abs(column - fromColumn), Math.abs(row - fromRow), 1);
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      visit(
        Math.round(fromColumn + (column - fromColumn) * share),
        Math.round(fromRow + (row - fromRow) * share),
      );
    }
    before = [column, row];
  }
}

/** Bits of the dots in a braille character, two columns of four. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BRAILLE = 0x2800;

/** One layer, in dots: eight per character. */
function brailleCells(plot: TextPlot, columns: number, rows: number): string[][] {
  const cells = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  visitDots(plot.layers[0]!, plot, [columns * 2, rows * 4], (column, row) => {
    if (column < 0 || row < 0 || column >= columns * 2 || row >= rows * 4) return;
    cells[row >> 2]![column >> 1]! |= dots[column & 1 ? 1 : 0][(row & 3) as 0 | 1 | 2 | 3];
  });
  return cells.map((row) => row.map((bits) => (bits === 0 ? ' ' : String.fromCharCode(BRAILLE | bits))));
}

/** Several layers, with a mark each: where they meet, the one with the most points wins, or the last of these. */
function markedCells(plot: TextPlot, columns: number, rows: number, color: boolean): string[][] {
  const winners = Array.from({ length: rows }, () => new Array<{ layer: number; count: number }>(columns));
  const characters = marksOf(plot.layers.map(({ name }) => name));
  plot.layers.forEach((layer, l) => {
    const counts = new Map<number, number>();
    visitDots(layer, plot, [columns, rows], (column, row) => {
      if (column < 0 || row < 0 || column >= columns || row >= rows) return;
      const cell = row * columns + column;
      counts.set(cell, layer.joined ? 1 : (counts.get(cell) ?? 0) + 1);
    });
    for (const [cell, count] of counts) {
      const row = winners[Math.floor(cell / columns)]!;
      if (count >= (row[cell % columns]?.count ?? 0)) row[cell % columns] = { layer: l, count };
    }
  });
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const winner = winners[row]![column];
      if (winner) return inColor(characters[winner.layer]!, winner.layer, color);
      return plot.background?.((column + 0.5) / columns, 1 - (row + 0.5) / rows) ?? ' ';
    }),
  );
}

/** Points and curves between axes. */
export function textPlot(plot: TextPlot, columns: number, color: boolean): string {
  const { title, xLabel, yLabel, x, y, layers, background, notes = [], rows = 15 } = plot;
  const labeledRows = [0, Math.floor((rows - 1) / 2), rows - 1];
  const labels = marksAlike(labeledRows.map((row) => valueAt(y, 1 - row / (rows - 1))));
  const labeled = new Map(labeledRows.map((row, i) => [row, labels[i]!]));
  const gutter = Math.max(...[...labeled.values()].map(({ length }) => length));
  const width = Math.max(columns - gutter - 2, 10);
  const cells =
    layers.length === 1 && !background && !color
      ? brailleCells(plot, width, rows)
      : markedCells(plot, width, rows, color);
  const body = cells.map((row, i) =>
    `${(labeled.get(i) ?? '').padStart(gutter)} ${labeled.has(i) ? '┤' : '│'}${row.join('')}`.trimEnd(),
  );
  const [from, to] = marksAlike([x.from, x.to]) as [string, string];
  const label = xLabel ?? '';
  const room = width - from.length - to.length;
  const left = Math.max(1, Math.floor((room - label.length) / 2));
  const under =
    label.length + 2 <= room
      ? label.padStart(left + label.length).padEnd(room)
      : ' '.repeat(Math.max(1, room));
  const characters = marksOf(layers.map(({ name }) => name));
  const legend = layers.map(({ name }, i) =>
    characters[i] === name ? '' : `${inColor(characters[i]!, i, color)} ${name}`,
  );
  return [
    title,
    ...(yLabel === undefined ? [] : [`${' '.repeat(gutter)} ${yLabel}`]),
    ...body,
    `${' '.repeat(gutter)} └${'─'.repeat(width)}`,
    `${' '.repeat(gutter + 2)}${from}${under}${to}`,
    ...(layers.length > 1
      ? wrap(
          legend.filter((entry) => entry !== ''),
          columns,
          '   ',
        )
      : []),
    ...notes.filter((note) => note !== undefined),
  ].join('\n');
}

/** Entries on as few lines as they need. */
export function wrap(entries: readonly string[], columns: number, gap: string): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + gap.length + entry.length <= columns)
      lines[lines.length - 1] = line + gap + entry;
    else lines.push(entry);
  }
  return lines;
}
