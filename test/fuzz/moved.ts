/**
 * A slow, obvious model of operations that only move elements. An array knows for each of its positions
 * which element of the base tensor stands there: enough to tell values and gradients. All engines share the code that
 * works out shapes and strides of views, so the reference engine can't tell whether it's right.
 */
export interface Moved {
  readonly shape: readonly number[];
  /** The base element at each position, in row-major order; −1: a constant 0. */
  readonly ids: readonly number[];
}

type Coordinates = readonly number[];

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** All coordinates of a shape, in row-major order. */
export function coordinatesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, n) => prefixes.flatMap((prefix) => Array.from({ length: n }, (_, i) => [...prefix, i])),
    [[]],
  );
}

export const positionOf = (shape: readonly number[], at: Coordinates): number =>
  at.reduce((position, i, axis) => position * shape[axis]! + i, 0);

const read = (x: Moved, at: Coordinates): number => x.ids[positionOf(x.shape, at)]!;

/** An array of that shape, where `from` says which coordinates of `x` each element has; null: a constant. */
export const gathered = (
  x: Moved,
  shape: readonly number[],
  from: (at: Coordinates) => Coordinates | null,
): Moved => ({
  shape,
  ids: coordinatesOf(shape).map((at) => {
    const source = from(at);
    return source === null ? -1 : read(x, source);
  }),
});

export const base = (shape: readonly number[]): Moved => ({
  shape,
  ids: Array.from({ length: sizeOf(shape) }, (_, i) => i),
});

const replaced = (list: readonly number[], axis: number, ...items: number[]): number[] => [
  ...list.slice(0, axis),
  ...items,
  ...list.slice(axis + 1),
];

export const permuted = (x: Moved, axes: readonly number[]): Moved =>
  gathered(
    x,
    axes.map((axis) => x.shape[axis]!),
    (at) => x.shape.map((_, axis) => at[axes.indexOf(axis)]!),
  );

export const reshaped = (x: Moved, shape: readonly number[]): Moved => ({ shape, ids: x.ids });

export const ranged = (x: Moved, axis: number, first: number, count: number, step: number): Moved =>
  gathered(x, replaced(x.shape, axis, count), (at) => replaced(at, axis, first + step * at[axis]!));

export const selected = (x: Moved, axis: number, i: number): Moved =>
  gathered(x, replaced(x.shape, axis), (at) => [...at.slice(0, axis), i, ...at.slice(axis)]);

export const expanded = (x: Moved, shape: readonly number[]): Moved => {
  const added = shape.length - x.shape.length;
  return gathered(x, shape, (at) => x.shape.map((n, axis) => (n === 1 ? 0 : at[axis + added]!)));
};

export const flipped = (x: Moved, axis: number): Moved =>
  gathered(x, x.shape, (at) => replaced(at, axis, x.shape[axis]! - 1 - at[axis]!));

export const rolled = (x: Moved, axis: number, shift: number): Moved => {
  const n = x.shape[axis]!;
  return gathered(x, x.shape, (at) => replaced(at, axis, (((at[axis]! - shift) % n) + n) % n));
};

export const slid = (x: Moved, axis: number, size: number, step: number): Moved => {
  const count = Math.floor((x.shape[axis]! - size) / step) + 1;
  return gathered(x, [...replaced(x.shape, axis, count), size], (at) =>
    replaced(at.slice(0, -1), axis, at[axis]! * step + at.at(-1)!),
  );
};

export const diagonalOf = (x: Moved, offset: number, a: number, b: number): Moved => {
  const rest = x.shape.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
  const row = Math.max(0, -offset);
  const column = Math.max(0, offset);
  const count = Math.max(0, Math.min(x.shape[a]! - row, x.shape[b]! - column));
  return gathered(x, [...rest.map((axis) => x.shape[axis]!), count], (at) =>
    x.shape.map((_, axis) =>
      axis === a ? row + at.at(-1)! : axis === b ? column + at.at(-1)! : at[rest.indexOf(axis)]!,
    ),
  );
};

export const tiled = (x: Moved, repeats: readonly number[]): Moved =>
  gathered(
    x,
    x.shape.map((n, axis) => n * repeats[axis]!),
    (at) => at.map((i, axis) => i % x.shape[axis]!),
  );

export const padded = (x: Moved, axis: number, before: number, after: number, mode: string): Moved => {
  const n = x.shape[axis]!;
  return gathered(x, replaced(x.shape, axis, before + n + after), (at) => {
    const i = at[axis]! - before;
    if (i >= 0 && i < n) return replaced(at, axis, i);
    if (mode === 'constant') return null;
    if (mode === 'replicate') return replaced(at, axis, i < 0 ? 0 : n - 1);
    if (mode === 'reflect') return replaced(at, axis, i < 0 ? -i : 2 * n - 2 - i);
    return replaced(at, axis, (i + n) % n);
  });
};

export const joined = (pieces: readonly Moved[], axis: number): Moved => {
  const shape = replaced(
    pieces[0]!.shape,
    axis,
    pieces.reduce((n, piece) => n + piece.shape[axis]!, 0),
  );
  const ids = coordinatesOf(shape).map((at) => {
    let i = at[axis]!;
    for (const piece of pieces) {
      if (i < piece.shape[axis]!) return read(piece, replaced(at, axis, i));
      i -= piece.shape[axis]!;
    }
    throw new Error('unreachable');
  });
  return { shape, ids };
};

/** An index in a form that is easy to follow. */
export type Item =
  | { readonly kind: 'number'; readonly i: number }
  | { readonly kind: 'range'; readonly first: number; readonly count: number; readonly step: number }
  | { readonly kind: 'new' }
  | { readonly kind: 'list'; readonly shape: readonly number[]; readonly data: readonly number[] };

/** Python's x[items]; every axis of x has an item other than 'new'. */
export function indexed(x: Moved, items: readonly Item[]): Moved {
  const kept = items.filter((item) => item.kind !== 'number');
  const lists = kept.filter((item) => item.kind === 'list');
  const rank = Math.max(0, ...lists.map(({ shape }) => shape.length));
  const positions = Array.from({ length: rank }, (_, k) =>
    lists.reduce((n, { shape }) => {
      const own = shape[k - rank + shape.length] ?? 1;
      return own === 1 ? n : own;
    }, 1),
  );
  const where = kept.flatMap((item, i) => (item.kind === 'list' ? [i] : []));
  const adjacent = where.every((at, i) => at === where[0]! + i);
  const front = adjacent && where.length > 0 ? where[0]! : 0;
  const plain = kept.filter((item) => item.kind !== 'list');
  const lengths = plain.map((item) => (item.kind === 'range' ? item.count : 1));
  const shape = [...lengths.slice(0, front), ...positions, ...lengths.slice(front)];

  return gathered(x, shape, (at) => {
    const inLists = at.slice(front, front + rank);
    const inPlain = [...at.slice(0, front), ...at.slice(front + rank)];
    let next = 0;
    return items.flatMap((item) => {
      if (item.kind === 'number') return [item.i];
      if (item.kind === 'list') {
        const own = item.shape.map((n, k) => (n === 1 ? 0 : inLists[k + rank - item.shape.length]!));
        return [item.data[positionOf(item.shape, own)]!];
      }
      const i = inPlain[next++]!;
      return item.kind === 'new' ? [] : [item.first + i * item.step];
    });
  });
}
