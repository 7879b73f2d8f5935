import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineName } from '../../src/core/engine-names.js';
import { type PadMode, pad } from '../../src/functional.js';
import {
  arange,
  cat,
  grad,
  type Index,
  randn,
  setEngine,
  slice,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import type { Item, Moved } from './moved.js';
import * as model from './moved.js';
import { expectSameElements, reference } from './twins.js';

// Moves, views, and indices against the model, which knows where each element comes from, and against the reference engine,
// whose copies are loops. The engines share the code that works out shapes and strides, so only the model can find its faults.

/** Numbers from which a test makes its choices. */
class Tape {
  #at = 0;
  constructor(private readonly numbers: readonly number[]) {}

  /** The same choices from the start. */
  again(): Tape {
    return new Tape(this.numbers);
  }

  /** An integer from 0 to n − 1. */
  below(n: number): number {
    return n <= 0 ? 0 : this.numbers[this.#at++ % this.numbers.length]! % n;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
}

const tapes = fc.array(fc.nat(1 << 20), { minLength: 24, maxLength: 24 }).map((numbers) => new Tape(numbers));
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 0, maxLength: 4 });
const solidShapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

interface Pair {
  readonly ours: Tensor;
  readonly theirs: Moved;
}

/** A step that copies nothing, and whether it may show an element twice; null where it does not apply. */
type Move = (x: Pair, tape: Tape) => Pair | null;

const someAxis = (x: Pair, tape: Tape): number | null =>
  x.theirs.shape.length === 0 ? null : tape.below(x.theirs.shape.length);

const onAxis =
  (move: (x: Pair, axis: number, length: number, tape: Tape) => Pair | null): Move =>
  (x, tape) => {
    const axis = someAxis(x, tape);
    return axis === null ? null : move(x, axis, x.theirs.shape[axis]!, tape);
  };

const views: readonly Move[] = [
  ({ ours, theirs }, tape) => {
    const axes = tape.shuffled(theirs.shape.map((_, i) => i));
    return { ours: ours.permute(axes), theirs: model.permuted(theirs, axes) };
  },
  onAxis(({ ours, theirs }, axis, length, tape) => {
    const start = tape.between(0, length);
    const end = tape.between(start, length);
    const step = tape.between(1, 3);
    const negative = tape.below(2) === 1 && start < length;
    return {
      ours: ours.slice(
        axis - (tape.below(2) ? theirs.shape.length : 0),
        negative ? start - length : start,
        end,
        step,
      ),
      theirs: model.ranged(theirs, axis, start, Math.ceil((end - start) / step), step),
    };
  }),
  onAxis(({ ours, theirs }, axis, length, tape) => {
    if (length === 0) return null;
    const i = tape.below(length);
    return {
      ours: ours.select(axis, tape.below(2) ? i : i - length),
      theirs: model.selected(theirs, axis, i),
    };
  }),
  ({ ours, theirs }, tape) => {
    const axis = tape.below(theirs.shape.length + 1);
    return {
      ours: ours.unsqueeze(axis),
      theirs: model.reshaped(theirs, theirs.shape.toSpliced(axis, 0, 1)),
    };
  },
  ({ ours, theirs }) => ({
    ours: ours.squeeze(),
    theirs: model.reshaped(
      theirs,
      theirs.shape.filter((n) => n !== 1),
    ),
  }),
  ({ ours, theirs }, tape) => {
    if (theirs.shape.length < 2) return null;
    const [a, b] = tape.shuffled(theirs.shape.map((_, i) => i)) as [number, number];
    const offset = tape.between(-2, 2);
    return {
      ours: ours.diagonal({ offset, dim1: a, dim2: b }),
      theirs: model.diagonalOf(theirs, offset, a, b),
    };
  },
];

const repeating: readonly Move[] = [
  ({ ours, theirs }, tape) => {
    const shape = [
      ...(tape.below(2) ? [tape.below(3)] : []),
      ...theirs.shape.map((n) => (n === 1 ? tape.between(0, 3) : n)),
    ];
    return { ours: ours.expand(shape), theirs: model.expanded(theirs, shape) };
  },
  onAxis(({ ours, theirs }, axis, length, tape) => {
    if (theirs.ids.length > 300) return null;
    const size = tape.between(0, Math.min(length, 3));
    const step = tape.between(1, 3);
    return { ours: ours.unfold(axis, size, step), theirs: model.slid(theirs, axis, size, step) };
  }),
];

const copies: readonly Move[] = [
  ({ ours, theirs }, tape) => {
    const size = theirs.ids.length;
    const shape: number[] = [];
    let rest = size;
    if (size > 0)
      for (const p of [2, 3, 2, 5]) {
        if (rest % p === 0 && tape.below(2)) {
          shape.push(p);
          rest /= p;
        }
      }
    shape.splice(tape.below(shape.length + 1), 0, rest);
    return { ours: ours.reshape(shape), theirs: model.reshaped(theirs, shape) };
  },
  onAxis(({ ours, theirs }, axis) => ({ ours: ours.flip(axis), theirs: model.flipped(theirs, axis) })),
  onAxis(({ ours, theirs }, axis, _, tape) => {
    const shift = tape.between(-6, 6);
    return { ours: ours.roll(shift, axis), theirs: model.rolled(theirs, axis, shift) };
  }),
  ({ ours, theirs }, tape) => {
    if (theirs.ids.length > 300) return null;
    const repeats = theirs.shape.map(() => tape.between(0, 2));
    return { ours: ours.repeat(repeats), theirs: model.tiled(theirs, repeats) };
  },
  onAxis(({ ours, theirs }, axis, length, tape) => {
    const cut = tape.between(0, length);
    const parts = ours.split([cut, length - cut], axis).reverse();
    const pieces = [model.ranged(theirs, axis, cut, length - cut, 1), model.ranged(theirs, axis, 0, cut, 1)];
    return { ours: cat(parts, axis), theirs: model.joined(pieces, axis) };
  }),
  onAxis(({ ours, theirs }, axis, length, tape) => {
    const before = tape.below(3);
    const after = tape.below(3);
    const sides = [...new Array<number>(2 * (theirs.shape.length - 1 - axis)).fill(0), before, after];
    const border = tape.of<PadMode>(['constant', 'replicate', 'reflect', 'circular']);
    const most =
      border === 'reflect' ? length - 1 : border === 'circular' ? length : Number.POSITIVE_INFINITY;
    const bordered =
      axis > 0 && theirs.shape.length - axis <= 3 && length > 0 && Math.max(before, after) <= most;
    const mode = bordered ? border : 'constant';
    return { ours: pad(ours, sides, { mode }), theirs: model.padded(theirs, axis, before, after, mode) };
  }),
];

/** `source` and what up to `steps` random moves make of it. */
function chain(shape: readonly number[], moves: readonly Move[], steps: number, tape: Tape): Moving {
  const source = arange(model.sizeOf(shape), { dtype: 'float64' })
    .add(1)
    .reshape(shape)
    .detach()
    .requiresGrad_();
  let end: Pair = { ours: source.mul(1), theirs: model.base(shape) };
  for (let i = 0; i < steps; i++) end = tape.of(moves)(end, tape) ?? end;
  return { source, end };
}

function expectSame({ ours, theirs }: Pair): void {
  expect(ours.shape).toEqual(theirs.shape);
  expect(Array.from(ours.dataSync())).toEqual(theirs.ids.map((id) => id + 1));
}

interface Moving {
  readonly source: Tensor;
  readonly end: Pair;
}

/** The source's gradient, if the element at position i counts i + 1 times. */
function gradientOf({ source, end: { ours } }: Moving): Tensor {
  const weights = arange(ours.count, { dtype: 'float64' }).add(1).reshape(ours.shape);
  return grad([ours], [source], { gradOutputs: [weights] })[0]!;
}

/** Each element's gradient is the sum of the weights of the places where it stands. */
function expectGradient(found: Tensor, { ids }: Moved): void {
  const expected = new Array<number>(found.count).fill(0);
  ids.forEach((id, i) => {
    if (id >= 0) expected[id]! += i + 1;
  });
  expect(Array.from(found.dataSync())).toEqual(expected);
}

/** Makes the same on an engine and on the reference engine. */
function onBoth<T>(engine: EngineName, tape: Tape, make: (tape: Tape) => T): { ours: T; slow: T } {
  setEngine('reference');
  const slow = make(tape.again());
  setEngine(engine);
  return { ours: make(tape), slow };
}

/** Compares values and gradients with the model and with the reference engine. */
async function expectMoves(engine: EngineName, tape: Tape, make: (tape: Tape) => Moving): Promise<void> {
  const { ours, slow } = onBoth(engine, tape, (tape) => {
    const moving = make(tape);
    return { ...moving, gradient: gradientOf(moving) };
  });
  expectSame(ours.end);
  expectGradient(ours.gradient, ours.end.theirs);
  await expectSameElements(ours.end.ours, slow.end.ours);
  await expectSameElements(ours.gradient, slow.gradient);
}

/** A random way to index each axis of a shape: ours, and what it means. */
function randomIndices(shape: readonly number[], tape: Tape): { indices: Index[]; items: Item[] } {
  const indices: Index[] = [];
  const items: Item[] = [];
  const lists = tape.of([[], [2], [1, 2], [3, 1], [0]]);
  const whole = (n: number): void => {
    items.push({ kind: 'range', first: 0, count: n, step: 1 });
  };
  let axis = 0;
  while (axis < shape.length) {
    const n = shape[axis]!;
    const choice = tape.below(9);
    if (choice === 0) {
      indices.push(null);
      items.push({ kind: 'new' });
      continue;
    }
    axis++;
    if (choice === 1 && n > 0) {
      const i = tape.below(n);
      indices.push(tape.below(2) ? i : i - n);
      items.push({ kind: 'number', i });
    } else if (choice <= 4 && n > 0) {
      const own = lists.map((m) => (tape.below(3) === 0 ? 1 : m)).slice(tape.below(2));
      const data = Array.from({ length: model.sizeOf(own) }, () => tape.below(n));
      if (own.length === 0) {
        indices.push(data[0]!);
        items.push({ kind: 'number', i: data[0]! });
        continue;
      }
      const negative = data.map((i) => (tape.below(3) === 0 ? i - n : i));
      indices.push(own.length === 1 ? negative : tensor(Int32Array.from(negative), own));
      items.push({ kind: 'list', shape: own, data });
    } else if (choice === 5 && n > 0) {
      const set = Array.from({ length: n }, (_, i) => i).filter(() => tape.below(2) === 0);
      const others = indices.includes('...') || items.some((item) => item.kind === 'list');
      if (others) {
        indices.push(slice());
        whole(n);
        continue;
      }
      const mask = tensor(Array.from({ length: n }, (_, i) => set.includes(i)));
      // The reference engine's results arrive later, and the shape depends on those of a mask.
      indices.push(mask.engine === reference ? set : mask);
      items.push({ kind: 'list', shape: [set.length], data: set });
      return finish(axis);
    } else if (choice === 6 && !indices.includes('...')) {
      indices.push('...');
      whole(n);
      const more = tape.below(shape.length - axis + 1);
      for (let k = 0; k < more; k++) whole(shape[axis++]!);
    } else {
      const start = tape.between(0, n);
      const end = tape.between(start, n);
      const step = tape.between(1, 3);
      indices.push(slice(start, tape.below(2) && end === n ? null : end, step));
      items.push({ kind: 'range', first: start, count: Math.ceil((end - start) / step), step });
    }
    if (tape.below(6) === 0 && !indices.includes('...')) return finish(axis);
  }
  return { indices, items };

  /** Leaves the other axes out, which means all of them. */
  function finish(from: number): { indices: Index[]; items: Item[] } {
    for (let k = from; k < shape.length; k++) whole(shape[k]!);
    return { indices, items };
  }
}

const runs = { numRuns: 300 };

for (const engine of testEngines) {
  describe(`on ${engine}`, () => {
    test('chains of moves have the model’s values and gradients', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, tapes, fc.integer({ min: 1, max: 6 }), (shape, tape, steps) =>
          expectMoves(engine, tape, (tape) => chain(shape, [...views, ...repeating, ...copies], steps, tape)),
        ),
        runs,
      );
    });

    test('views share memory: what is written through one shows in the base, and nowhere else', async () => {
      await fc.assert(
        fc.asyncProperty(solidShapes, tapes, fc.integer({ min: 1, max: 5 }), async (shape, tape, steps) => {
          const { ours, slow } = onBoth(engine, tape, (tape) => {
            const memory = arange(model.sizeOf(shape), { dtype: 'float64' }).add(1).reshape(shape);
            let end: Pair = { ours: memory, theirs: model.base(shape) };
            for (let i = 0; i < steps; i++) end = tape.of(views)(end, tape) ?? end;
            expect(end.ours.storage).toBe(memory.storage);
            end.ours.setAt(['...'], -1);
            return { memory, written: new Set(end.theirs.ids) };
          });
          expect(Array.from(ours.memory.dataSync())).toEqual(
            model.base(shape).ids.map((id) => (ours.written.has(id) ? -1 : id + 1)),
          );
          await expectSameElements(ours.memory, slow.memory);
        }),
        runs,
      );
    });

    test('indexing reads the model’s elements, of any layout, and has its gradients', async () => {
      await fc.assert(
        fc.asyncProperty(solidShapes, tapes, (shape, tape) =>
          expectMoves(engine, tape, (tape) => {
            const { source, end } = chain(shape, views, 2, tape);
            const { indices, items } = randomIndices(end.theirs.shape, tape);
            return {
              source,
              end: { ours: end.ours.at(...indices), theirs: model.indexed(end.theirs, items) },
            };
          }),
        ),
        { numRuns: 500 },
      );
    });

    test('setAt writes where at reads', async () => {
      await fc.assert(
        fc.asyncProperty(solidShapes, tapes, fc.boolean(), async (shape, tape, accumulate) => {
          const { ours, slow } = onBoth(engine, tape, (tape) => {
            const { indices, items } = randomIndices(shape, tape);
            const { ids, shape: place } = model.indexed(model.base(shape), items);
            const x = arange(model.sizeOf(shape), { dtype: 'float64' }).reshape(shape);
            x.setAt(indices, arange(ids.length, { dtype: 'float64' }).sub(1000).reshape(place), {
              accumulate,
            });
            return { x, ids };
          });
          const expected = Array.from({ length: model.sizeOf(shape) }, (_, i) => i);
          ours.ids.forEach((id, i) => {
            expected[id] = (accumulate ? expected[id]! : 0) + i - 1000;
          });
          const [found, wanted] = [await ours.x.data(), await slow.x.data()];
          expected.forEach((v, i) => {
            // Equal positions add up; if several values are assigned to one, any of them stays.
            if (accumulate || ours.ids.filter((id) => id === i).length <= 1)
              expect([found[i], wanted[i]]).toEqual([v, v]);
          });
        }),
        { numRuns: 500 },
      );
    });

    test('a permutation and its inverse, a shape and the one before, come back', () => {
      setEngine(engine);
      fc.assert(
        fc.property(shapes, tapes, (shape, tape) => {
          const x = randn(shape);
          const axes = tape.shuffled(shape.map((_, i) => i));
          const inverse = axes.map((_, i) => axes.indexOf(i));
          expect(x.permute(axes).permute(inverse).dataSync()).toEqual(x.dataSync());
          expect(
            x
              .permute(axes)
              .flatten()
              .reshape(axes.map((i) => shape[i]!))
              .permute(inverse)
              .dataSync(),
          ).toEqual(x.dataSync());
        }),
        runs,
      );
    });
  });
}
