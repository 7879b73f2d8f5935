import { ArgumentError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { checkOption, text } from '../../core/options.js';
import { checkTensorList } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { matmul } from './matmul.js';

/** A tensor with named axes. An ellipsis's axes are called '.0', '.1', …, counted from the last. */
interface Term {
  readonly x: Tensor;
  readonly axes: readonly string[];
}

interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

function fail(equation: string, problem: string): never {
  throw new ArgumentError('einsum', `'${equation}': ${problem}`);
}

/** The letters of one operand; '...' counts as one name. */
function split(equation: string, part: string): string[] {
  const names: string[] = part.match(/\.\.\.|[A-Za-z]/g) ?? [];
  if (names.join('') !== part) fail(equation, `'${part}' must consist of letters and at most one '...'`);
  if (names.indexOf('...') !== names.lastIndexOf('...')) fail(equation, `'${part}' has more than one '...'`);
  return names;
}

const ellipsis = (length: number): string[] => Array.from({ length }, (_, i) => `.${length - 1 - i}`);

function parse(equation: string, operands: readonly Tensor[]): Equation {
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->');
  if (more.length > 0) fail(equation, "more than one '->'");
  const parts = left!.split(',');
  if (parts.length !== operands.length)
    fail(equation, `names ${parts.length} operands, got ${operands.length}`);
  let widest = 0;
  const inputs = parts.map((part, i) => {
    const names = split(equation, part);
    const { shape } = operands[i]!;
    const at = names.indexOf('...');
    const extra = shape.length - names.length + (at < 0 ? 0 : 1);
    if (at < 0 ? extra !== 0 : extra < 0)
      throw new ShapeError('einsum', `'${part}' doesn't name the axes of operand ${i + 1}`, [
        { name: `operand ${i + 1}`, axes: part, shape },
      ]);
    if (at < 0) return names;
    widest = Math.max(widest, extra);
    return names.toSpliced(at, 1, ...ellipsis(extra));
  });
  if (right === undefined) {
    const letters = inputs.flat().filter((name) => name[0] !== '.');
    const once = letters.filter((name) => letters.indexOf(name) === letters.lastIndexOf(name));
    return { inputs, output: [...ellipsis(widest), ...once.sort()] };
  }
  const output = split(equation, right).flatMap((name) => (name === '...' ? ellipsis(widest) : [name]));
  output.forEach((name, i) => {
    if (output.indexOf(name) !== i) fail(equation, `the result names '${name}' twice`);
    if (!inputs.some((names) => names.includes(name))) fail(equation, `no operand has an axis '${name}'`);
  });
  return { inputs, output };
}

/** Checks that axes with the same name have the same length, or 1, which broadcasts. */
function checkLengths(equation: string, terms: readonly Term[]): void {
  const lengths = new Map<string, number>();
  for (const { x, axes } of terms)
    axes.forEach((name, i) => {
      const n = x.shape[i]!;
      const before = lengths.get(name) ?? 1;
      if (n !== 1 && before !== 1 && n !== before)
        throw new ShapeError(
          'einsum',
          `axis '${name}' of '${equation}' is ${before} and ${n} long`,
          terms.map((t, k) => ({
            name: `operand ${k + 1}`,
            axes: `(${t.axes.join(', ')})`,
            shape: t.x.shape,
          })),
        );
      lengths.set(name, n === 1 ? before : n);
    });
}

/** Merges axes with the same name into one, the diagonal. */
function takeDiagonals({ x, axes }: Term): Term {
  const second = axes.findIndex((name, i) => axes.indexOf(name) < i);
  if (second < 0) return { x, axes };
  const first = axes.indexOf(axes[second]!);
  const rest = axes.filter((_, i) => i !== first && i !== second);
  return takeDiagonals({
    x: x.diagonal({ offset: 0, dim1: first, dim2: second }),
    axes: [...rest, axes[second]!],
  });
}

/** Sums over the axes for which `drop` is true. */
function sumOver({ x, axes }: Term, drop: (name: string) => boolean): Term {
  const dims = axes.flatMap((name, i) => (drop(name) ? [i] : []));
  return dims.length === 0 ? { x, axes } : { x: x.sum(dims), axes: axes.filter((name) => !drop(name)) };
}

/** The axes in the order of `names`; missing ones have length 1. */
function arrange({ x, axes }: Term, names: readonly string[]): Tensor {
  const present = names.filter((name) => axes.includes(name));
  const ordered = x.permute(present.map((name) => axes.indexOf(name)));
  if (present.length === names.length) return ordered;
  let at = 0;
  return ordered.reshape(names.map((name) => (axes.includes(name) ? ordered.shape[at++]! : 1)));
}

const lengthOf = ({ x, axes }: Term, name: string): number => x.shape[axes.indexOf(name)] ?? 1;
const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Multiplies two terms and sums over the axes that nothing else needs: a batched matrix product. */
function contract(left: Term, right: Term, needed: ReadonlySet<string>): Term {
  // An axis that only one of them has, or that's longer than 1 in only one, is summed separately.
  const alone = (one: Term, other: Term): Term =>
    sumOver(one, (name) => !needed.has(name) && (!other.axes.includes(name) || lengthOf(other, name) === 1));
  const drop = (one: Term, other: Term): Term =>
    sumOver(one, (name) => !needed.has(name) && !other.axes.includes(name));
  const a0 = alone(left, right);
  const b0 = drop(alone(right, left), a0);
  const a = drop(a0, b0);
  const shared = a.axes.filter((name) => b0.axes.includes(name));
  const inner = shared.filter((name) => !needed.has(name));
  const batch = shared.filter((name) => needed.has(name));
  const rows = a.axes.filter((name) => !shared.includes(name));
  const columns = b0.axes.filter((name) => !shared.includes(name));
  const axes = [...batch, ...rows, ...columns];
  if (inner.length === 0) return { x: arrange(a, axes).mul(arrange(b0, axes)), axes };
  const lengths = (one: Term, names: readonly string[]): number[] => names.map((name) => lengthOf(one, name));
  const [rowLengths, columnLengths, k] = [lengths(a, rows), lengths(b0, columns), count(lengths(a, inner))];
  const matrixA = arrange(a, [...batch, ...rows, ...inner]).reshape([
    ...lengths(a, batch),
    count(rowLengths),
    k,
  ]);
  const matrixB = arrange(b0, [...batch, ...inner, ...columns]).reshape([
    ...lengths(b0, batch),
    k,
    count(columnLengths),
  ]);
  const product = matmul(matrixA, matrixB);
  return {
    x: product.reshape([...product.shape.slice(0, batch.length), ...rowLengths, ...columnLengths]),
    axes,
  };
}

/** The number of elements in the product of two terms. */
function productSize(a: Term, b: Term, needed: ReadonlySet<string>): number {
  const names = new Set([...a.axes, ...b.axes].filter((name) => needed.has(name)));
  return count([...names].map((name) => Math.max(lengthOf(a, name), lengthOf(b, name))));
}

/**
 * Sums of products over named axes. The equation has a letter for each axis of each operand; axes with the
 * same letter are walked together, and a letter that the result doesn't name is summed over. A letter that
 * appears twice in one operand takes its diagonal; `...` means axes without names, which broadcast. Without
 * `->`, the result has the letters that occur once, in alphabetical order, after the axes of `...`.
 *
 * Operands are multiplied in pairs, each as one batched matrix product, starting with the pair whose
 * product is smallest.
 *
 * @throws ArgumentError for an equation that makes no sense, ShapeError if axes with the same letter differ in length
 * @example
 * einsum('bhid,bhjd->bhij', randn([2, 4, 5, 8]), randn([2, 4, 6, 8])).shape; // [2, 4, 5, 6]
 */
export const einsum = named(
  'einsum',
  (equation: string, ...operands: readonly Tensor[] | [readonly Tensor[]]): Tensor => {
    const tensors = (Array.isArray(operands[0]) ? operands[0] : operands) as readonly Tensor[];
    checkOption('einsum', 'the equation', text(''), equation);
    checkTensorList('einsum', 'operands', tensors);
    const { inputs, output } = parse(equation, tensors);
    checkLengths(
      equation,
      tensors.map((x, i) => ({ x, axes: inputs[i]! })),
    );
    let terms = tensors.map((x, i) => takeDiagonals({ x, axes: inputs[i]! }));
    while (terms.length > 1) {
      let best = { i: 0, j: 1, size: Number.POSITIVE_INFINITY, needed: new Set<string>() };
      for (let i = 0; i < terms.length; i++)
        for (let j = i + 1; j < terms.length; j++) {
          const others = terms.filter((_, k) => k !== i && k !== j);
          const needed = new Set([...output, ...others.flatMap((term) => term.axes)]);
          const size = productSize(terms[i]!, terms[j]!, needed);
          if (size < best.size) best = { i, j, size, needed };
        }
      const joined = contract(terms[best.i]!, terms[best.j]!, best.needed);
      terms = [joined, ...terms.filter((_, k) => k !== best.i && k !== best.j)];
    }
    return arrange(
      sumOver(terms[0]!, (name) => !output.includes(name)),
      output,
    );
  },
);
