import { defineFused } from '../../autograd/fused.js';
import { noGrad } from '../../autograd/mode.js';
import type { BackwardContext, Grads } from '../../autograd/node.js';
import { checkInputs, defineOp } from '../../autograd/op.js';
import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, flag, nullable, number, type Resolved, whole, word } from '../../core/options.js';
import type { BagMode } from '../../engine/embedding.js';
import type { OutOfRange } from '../../engine/fault.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { filled } from '../../tensor/filled.js';
import { inspect } from '../../tensor/inspect.js';
import { int32Tensor } from '../../tensor/list.js';
import { tensorOption } from '../../tensor/option.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { atOnce, type Counted, steady, whenCounted } from '../counted.js';
import { searchsorted } from '../search.js';
import { outOfRange, requireIndices } from './indices.js';

interface Table {
  readonly operation: string;
  readonly rows: number;
  /** A row whose gradient stays 0; −1: none. */
  readonly padding: number;
  readonly scaleByFrequency: boolean;
}

const embeddingOp = defineOp<[Tensor, Tensor], Table>({
  name: 'embedding',
  forward(ctx, [weight, index], { operation, rows }) {
    ctx.save(index);
    const out = empty([...index.shape, weight.shape[1]!], weight.dtype, weight.engine);
    weight.engine.indexSelect(out, weight, 0, dense(index), false, outOfRange(operation, index, 0, rows));
    return out;
  },
  backward: ({ attrs, saved: [index] }, grad): Grads => [gradientOp([grad, index!], attrs), null],
});

/** How often each row that `index` names is looked up, in the dtype of `like`. */
function frequencies(index: Tensor, rows: number, like: Tensor): Tensor {
  const places = index.reshape([-1]);
  const ones = filled(places.shape, like.dtype, like.engine, 1);
  return zerosOf([rows], like).scatterAdd(0, places, ones).take(index);
}

/** A table's gradient: for each row, the sum of the gradients wherever it was looked up. */
const gradientOp = defineFused<'embedding', [Tensor, Tensor], Table>({
  name: 'embeddingBackward',
  family: 'embedding',
  composition([grad, index], { rows, padding, scaleByFrequency }) {
    const places = index.reshape([-1]);
    const each = grad.reshape([places.count, grad.shape.at(-1)!]);
    const kept = padding < 0 ? each : each.maskedFill(places.eq(padding).unsqueeze(1), 0);
    const shares = scaleByFrequency ? kept.div(frequencies(places, rows, kept).unsqueeze(1)) : kept;
    return zerosOf([rows, each.shape[1]!], grad).indexAdd(0, places, shares);
  },
  forward(kernels, ctx, [grad, index], { operation, rows, padding, scaleByFrequency }) {
    ctx.save(index);
    const out = empty([rows, grad.shape.at(-1)!], grad.dtype, grad.engine);
    const fault = outOfRange(operation, index, 0, rows);
    kernels.embeddingGrad(out, dense(grad), null, null, dense(index), padding, scaleByFrequency, fault);
    return out;
  },
  gradient({ attrs, saved: [index] }, grad): Grads {
    const looked = embeddingOp([grad, index!], { ...attrs, padding: -1, scaleByFrequency: false });
    const kept = attrs.padding < 0 ? looked : looked.maskedFill(index!.eq(attrs.padding).unsqueeze(-1), 0);
    if (!attrs.scaleByFrequency) return [kept, null];
    return [kept.div(frequencies(index!, attrs.rows, grad).unsqueeze(-1)), null];
  },
});

export interface EmbeddingOptions {
  /** A row that gets no gradient; negative numbers count from the end (default: none). */
  paddingIdx?: number | null;
  /** Looked-up rows with a larger norm are scaled down to this one, in place (default: none). */
  maxNorm?: number | null;
  /** The p of the norm that `maxNorm` limits (default 2). */
  normType?: number;
  /** Whether to divide each row's gradient by how often it was looked up (default false). */
  scaleGradByFreq?: boolean;
}

const embeddingOptions = {
  paddingIdx: nullable(whole(undefined), null),
  maxNorm: nullable(number(undefined, { least: 0, infinite: true }), null),
  normType: number(2, { above: 0, infinite: true }),
  scaleGradByFreq: flag(false),
};
const readEmbedding = defineOptions(embeddingOptions);

type Lookup = Resolved<typeof embeddingOptions>;

function checkTable(operation: string, index: Tensor, weight: Tensor, options: Lookup): Table {
  requireIndices(operation, index);
  if (weight.ndim !== 2)
    throw new ShapeError(operation, 'the table must have two axes', [
      { name: 'weight', axes: '(V, D)', shape: weight.shape },
    ]);
  if (!isFloat(weight.dtype))
    throw new DTypeError(operation, `the table must be floating, got ${weight.dtype}`);
  const rows = weight.shape[0]!;
  const { paddingIdx, scaleGradByFreq } = options;
  if (paddingIdx !== null && (paddingIdx < -rows || paddingIdx >= rows))
    throw new IndexError(operation, `paddingIdx ${paddingIdx} isn't a row of a table of ${rows}`);
  const padding = paddingIdx === null ? -1 : paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
  return { operation, rows, padding, scaleByFrequency: scaleGradByFreq };
}

/** Scales looked-up rows down to `maxNorm`, in place. */
function renormalize(weight: Tensor, index: Tensor, { maxNorm, normType }: Lookup): void {
  if (maxNorm === null) return;
  noGrad(() => {
    const rows = index.reshape([-1]); // a row that's listed twice gets the same value twice
    const found = weight.indexSelect(0, rows);
    const norms = found
      .abs()
      .pow(normType)
      .sum(1, { keepdim: true })
      .pow(1 / normType);
    const scale = norms.add(1e-7).reciprocal().mul(maxNorm).maskedFill(norms.le(maxNorm), 1);
    weight.indexCopy_(0, rows, found.mul(scale));
  });
}

/**
 * Looks up rows of a table by number.
 *
 * @param index int32, any shape
 * @shape index (…), weight (V, D) → (…, D)
 * @throws IndexError for a number that isn't a row
 */
export function embedding(index: Tensor, weight: Tensor, options?: EmbeddingOptions): Tensor {
  checkTensors('embedding', { index, weight });
  const given = readEmbedding('embedding', options);
  const table = checkTable('embedding', index, weight, given);
  renormalize(weight, index, given);
  return embeddingOp([weight, index], table);
}

interface Bags extends Table {
  readonly mode: BagMode;
}

/** The error for an offset that's out of order. */
const badOffset =
  (operation: string, indices: number): OutOfRange =>
  (position) =>
    new IndexError(
      operation,
      `offsets[${position}] is below the one before it or above ${indices}, the number of indices`,
    );

type BagInputs = [weight: Tensor, index: Tensor, offsets: Tensor, perSample: Tensor | null];

/** The position of each bag's maximum among the looked-up rows, the first one of ties; −1 for none. */
function firstLargest(looked: Tensor, counts: Tensor, bagOf: Tensor, bags: number): Tensor {
  const [n, width] = looked.shape as [number, number];
  const bagOfEach = bagOf.unsqueeze(1).expand([n, width]);
  const values = looked.detach().where(counts, Number.NEGATIVE_INFINITY);
  const largest = zerosOf([bags, width], looked).scatterReduce(0, bagOfEach, values, 'amax', {
    includeSelf: false,
  });
  const hits = values.eq(largest.indexSelect(0, bagOf)).logicalOr(values.isnan()).logicalAnd(counts);
  const places = int32Tensor([...Array(n).keys()], looked.engine, [n, 1]).where(hits, n);
  const first = filled([bags, width], 'int32', looked.engine, n).scatterReduce(0, bagOfEach, places, 'amin');
  return first.where(first.lt(n), -1);
}

function composedBags([weight, index, offsets, perSample]: BagInputs, attrs: Bags): Tensor {
  const { operation, padding, mode } = attrs;
  inspect(offsets, (list) => {
    const bad = list.findIndex((offset, i) => offset < (list[i - 1] ?? 0) || offset > index.count);
    return bad < 0 ? null : badOffset(operation, index.count)(bad, list[bad]!);
  });
  const bags = offsets.count;
  const places = int32Tensor([...Array(index.count).keys()], weight.engine);
  const bagOf = searchsorted(offsets, places, { right: true }).sub(1);
  const counts = index.ne(padding).unsqueeze(1); // (indices, 1)
  const looked = embeddingOp([weight, index], attrs); // (indices, D)
  if (mode === 'max') {
    const first = firstLargest(looked, counts, bagOf, bags);
    return looked.gather(0, first.clamp(0)).where(first.ge(0), 0);
  }
  const rows = perSample === null ? looked : looked.mul(perSample.unsqueeze(1));
  const sums = zerosOf([bags, weight.shape[1]!], weight).indexAdd(0, bagOf, rows.where(counts, 0));
  if (mode === 'sum') return sums;
  const sizes = zerosOf([bags, 1], weight).indexAdd(0, bagOf, counts.to(weight.dtype));
  return sums.div(sizes.clamp(1));
}

type BagsSaved = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor?];

/** The gradient of each bag's rows. */
const sharesOf = (grad: Tensor, sizes: Tensor, { mode }: Bags): Tensor =>
  mode === 'mean' ? grad.div(sizes.maskedFill(sizes.eq(0), 1).to(grad.dtype).unsqueeze(1)) : grad;

function bagGradient({ attrs, saved, needs }: BackwardContext<Bags>, grad: Tensor): Grads {
  const [weight, index, bagOf, sizes, argmax, perSample] = saved as BagsSaved;
  if (attrs.mode === 'max') {
    const used = grad.maskedFill(sizes.eq(0).unsqueeze(1), 0);
    return [zerosOf(weight.shape, grad).scatterAdd(0, argmax, used), null, null, null];
  }
  const each = sharesOf(grad, sizes, attrs).indexSelect(0, bagOf); // (indices, D)
  const toWeight = needs[0]
    ? gradientOp([perSample ? each.mul(perSample.unsqueeze(1)) : each, index], attrs)
    : null;
  if (!needs[3]) return [toWeight, null, null, null];
  const products = each.mul(embeddingOp([weight, index], attrs)).sum(1);
  return [toWeight, null, null, products.maskedFill(index.eq(attrs.padding), 0)];
}

const bagOp = defineFused<'embedding', BagInputs, Bags>({
  name: 'embeddingBag',
  family: 'embedding',
  composition: composedBags,
  forward(kernels, ctx, [weight, index, offsets, perSample], { operation, rows, padding, mode }) {
    const { engine, dtype } = weight;
    const shape = [offsets.count, weight.shape[1]!];
    const out = empty(shape, dtype, engine);
    const bagOf = empty([index.count], 'int32', engine);
    const sizes = empty([offsets.count], 'int32', engine);
    const argmax = empty(mode === 'max' ? shape : [0], 'int32', engine);
    kernels.embeddingBag(
      out,
      dense(weight),
      dense(index),
      dense(offsets),
      perSample && dense(perSample),
      mode,
      padding,
      bagOf,
      sizes,
      mode === 'max' ? argmax : null,
      { index: outOfRange(operation, index, 0, rows), offset: badOffset(operation, index.count) },
    );
    ctx.save(weight, index, bagOf, sizes, argmax, ...(perSample ? [perSample] : []));
    return out;
  },
  backward(kernels, ctx, grad): Grads {
    const { attrs, saved, needs } = ctx;
    if (attrs.mode === 'max' || needs[3]) return bagGradient(ctx, grad);
    const [weight, index, bagOf, sizes, , perSample] = saved as BagsSaved;
    const out = empty(weight.shape, grad.dtype, grad.engine);
    const share = dense(sharesOf(grad, sizes, attrs));
    const weights = perSample ? dense(perSample) : null;
    const { padding, scaleByFrequency } = attrs;
    kernels.embeddingGrad(out, share, bagOf, weights, dense(index), padding, scaleByFrequency, null);
    return [out, null, null, null];
  },
  gradient: bagGradient,
});

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Where each bag begins in a list of indices (int32). For indices (B, N), each row is a bag. */
  offsets?: Tensor | null;
  /** How a bag's rows are combined (default `mean`). */
  mode?: BagMode;
  /** The rows' factors, in the shape of the indices; only for `sum`. */
  perSampleWeights?: Tensor | null;
  /** Whether the last offset is the number of indices instead of a bag (default false). */
  includeLastOffset?: boolean;
}

const readEmbeddingBag = defineOptions({
  offsets: nullable(tensorOption, null),
  ...embeddingOptions,
  mode: word(['sum', 'mean', 'max'], 'mean'),
  perSampleWeights: nullable(tensorOption, null),
  includeLastOffset: flag(false),
});

function bagOffsets(index: Tensor, offsets: Tensor | null, includeLastOffset: boolean): Tensor {
  const shapes = [{ name: 'index', shape: index.shape }];
  if (index.ndim === 2) {
    if (offsets !== null)
      throw new ArgumentError(
        'embeddingBag',
        'indices with two axes have a bag in each row; offsets are only for a list',
      );
    const [bags, length] = index.shape as [number, number];
    return filled([bags], 'int32', index.engine, length).cumsum(0).sub(length);
  }
  if (index.ndim !== 1) throw new ShapeError('embeddingBag', 'indices must have one or two axes', shapes);
  if (offsets === null) throw new ArgumentError('embeddingBag', 'a list of indices needs offsets');
  requireIndices('embeddingBag', offsets);
  if (offsets.ndim !== 1 || (includeLastOffset && offsets.count === 0))
    throw new ShapeError('embeddingBag', 'offsets must be a list', [
      ...shapes,
      { name: 'offsets', shape: offsets.shape },
    ]);
  if (offsets.count > 0) {
    inspect(offsets.select(0, 0), ([first]) =>
      first === 0 ? null : new IndexError('embeddingBag', `offsets[0] must be 0, got ${first}`),
    );
  }
  return includeLastOffset ? offsets.narrow(0, 0, offsets.count - 1) : offsets;
}

/**
 * Sums, means, or maxima of bags of a table's rows, without making the rows first.
 *
 * @shape index (B, N), or a list with offsets (B); weight (V, D) → (B, D)
 * @throws IndexError for a number that isn't a row, ArgumentError for missing or superfluous offsets
 */
export const embeddingBag = named(
  'embeddingBag',
  (index: Tensor, weight: Tensor, options?: EmbeddingBagOptions): Tensor => {
    checkTensors('embeddingBag', { index, weight });
    const given = readEmbeddingBag('embeddingBag', options);
    const { mode, perSampleWeights } = given;
    const table = checkTable('embeddingBag', index, weight, given);
    if (perSampleWeights !== null && mode !== 'sum')
      throw new ArgumentError('embeddingBag', `perSampleWeights need mode 'sum', not '${mode}'`);
    if (perSampleWeights !== null && perSampleWeights.shape.join() !== index.shape.join())
      throw new ShapeError('embeddingBag', 'needs one weight for each index', [
        { name: 'index', shape: index.shape },
        { name: 'perSampleWeights', shape: perSampleWeights.shape },
      ]);
    if (perSampleWeights !== null && perSampleWeights.dtype !== weight.dtype)
      throw new DTypeError(
        'embeddingBag',
        `perSampleWeights are ${perSampleWeights.dtype}, the table is ${weight.dtype}`,
      );
    const offsets = bagOffsets(index, given.offsets, given.includeLastOffset);
    renormalize(weight, index, given);
    const inputs: [Tensor, Tensor, Tensor, Tensor | null] = [
      weight,
      index.reshape([-1]),
      offsets,
      perSampleWeights?.reshape([-1]) ?? null,
    ];
    return bagOp(inputs, { ...table, mode });
  },
);

function checkOneHot(operation: string, x: Tensor, numClasses: number): void {
  checkTensors(operation, { x });
  requireIndices(operation, x);
  if (!Number.isInteger(numClasses) || numClasses < -1 || numClasses === 0)
    throw new ArgumentError(
      operation,
      `numClasses must be a positive integer or −1, got ${describe(numClasses)}`,
    );
  if (x.count === 0 && numClasses < 0)
    throw new ArgumentError(operation, "can't tell the number of classes without elements; pass numClasses");
}

/** Rows of `classes` numbers for the elements of x. */
function oneHotRows(operation: string, x: Tensor, classes: number): Tensor {
  const out = filled([x.count, classes], 'int32', x.engine);
  if (x.count === 0) return out.reshape([...x.shape, classes]);
  const one = filled([1], 'int32', x.engine, 1);
  const fault = outOfRange(operation, x, x.ndim, classes);
  x.engine.scatter(out, 1, dense(x.reshape([-1, 1])), one, 'assign', true, fault);
  return out.reshape([...x.shape, classes]);
}

function oneHotOf(operation: string, x: Tensor): Counted<Tensor> {
  checkInputs(operation, [x]);
  const list = dense(steady(x));
  return {
    count: x.engine.bincountSize(list, outOfRange(operation, x, x.ndim, 1)),
    finish: (classes) => oneHotRows(operation, list, classes),
  };
}

/**
 * For each number k, a row of zeros with a 1 at position k.
 *
 * @param numClasses the rows' length; −1 means the largest number + 1 (default −1)
 * @shape (…) → (…, C), int32
 * @throws IndexError for a number that's negative or not less than numClasses
 */
export const oneHot = exact('oneHot(x, numClasses)', (x: Tensor, numClasses = -1): Tensor => {
  checkOneHot('oneHot', x, numClasses);
  if (numClasses > 0) return oneHotRows('oneHot', x, numClasses);
  return atOnce('oneHot', oneHotOf, x, null);
});

/** Async `oneHot`, which also works on engines whose results arrive later. */
export const oneHotAsync = exact(
  'oneHotAsync(x, numClasses)',
  async (x: Tensor, numClasses = -1): Promise<Tensor> => {
    checkOneHot('oneHotAsync', x, numClasses);
    if (numClasses > 0) return oneHotRows('oneHotAsync', x, numClasses);
    return whenCounted('oneHotAsync', oneHotOf, x, null);
  },
);
