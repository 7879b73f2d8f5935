import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { type Shape, sameShape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The sizes of an attention's call. */
export interface AttentionSizes {
  /** Whether there's an axis of sequences. */
  readonly batched: boolean;
  /** How many sequences there are; 1 without a batch. */
  readonly batch: number;
  /** The length of the queries, L. */
  readonly targets: number;
  /** The length of the keys and values, S. */
  readonly sources: number;
}

/** An operand, under the name that the caller knows it by. */
export interface NamedInput {
  readonly name: string;
  readonly x: Tensor;
  readonly features: number;
}

const axesOf = (length: string, batched: boolean, batchFirst: boolean): string =>
  batched ? (batchFirst ? `(N, ${length}, E)` : `(${length}, N, E)`) : `(${length}, E)`;

/** @throws ArgumentError, ShapeError unless the operands are sequences of one batch, with the right features */
export function checkSequences(
  operation: string,
  batchFirst: boolean,
  query: NamedInput,
  ...sources: readonly NamedInput[]
): AttentionSizes {
  const all = [query, ...sources];
  for (const { name, x } of all) checkTensors(operation, { [name]: x });
  const batched = query.x.ndim === 3;
  const table = () =>
    all.map(({ name, x, features }, i) => ({
      name,
      axes: axesOf(i === 0 ? 'L' : 'S', batched, batchFirst),
      shape: x.shape,
      note: x.shape.at(-1) === features ? '' : `expects E = ${features}`,
    }));
  for (const { name, x, features } of all) {
    if (x.ndim !== 2 && x.ndim !== 3)
      throw new ShapeError(operation, `${name} needs 3 axes, or 2 without a batch`, table());
    if (x.ndim !== query.x.ndim)
      throw new ShapeError(
        operation,
        `${name} has ${x.ndim} axes, ${query.name} has ${query.x.ndim}`,
        table(),
      );
    if (x.shape.at(-1) !== features)
      throw new ShapeError(operation, `${name} has the wrong number of features`, table());
  }
  const [batchAxis, lengthAxis] = !batched || batchFirst ? [0, batched ? 1 : 0] : [1, 0];
  const batchOf = ({ x }: NamedInput): number => (batched ? x.shape[batchAxis]! : 1);
  const lengthOf = ({ x }: NamedInput): number => x.shape[lengthAxis]!;
  const first = sources[0] ?? query;
  for (const source of sources) {
    if (batchOf(source) !== batchOf(query))
      throw new ShapeError(
        operation,
        `${source.name} has ${batchOf(source)} sequences, ${query.name} has ${batchOf(query)}`,
        table(),
        batchFirst ? undefined : 'if the sequences are the first axis, set batchFirst',
      );
    if (lengthOf(source) !== lengthOf(first))
      throw new ShapeError(
        operation,
        `${source.name} has length ${lengthOf(source)}, ${first.name} has ${lengthOf(first)}`,
        table(),
      );
  }
  return { batched, batch: batchOf(query), targets: lengthOf(query), sources: lengthOf(first) };
}

/** @throws DTypeError unless a mask is bool, or has the dtype of what it's added to */
export function checkMaskDType(operation: string, name: string, mask: Tensor, query: Tensor): void {
  if (mask.dtype === 'bool' || mask.dtype === query.dtype) return;
  const hint = isFloat(mask.dtype)
    ? `mask.to('${query.dtype}')`
    : "mask.to('bool'): true hides a position, as in PyTorch";
  throw new DTypeError(
    operation,
    `${name} must be bool or ${query.dtype}, got ${mask.dtype}\n  hint: convert it with ${hint}`,
  );
}

/** @throws ShapeError unless a mask has one of the shapes */
export function checkMaskShape(
  operation: string,
  name: string,
  mask: Tensor,
  options: readonly { readonly axes: string; readonly shape: Shape }[],
): void {
  if (options.some(({ shape }) => sameShape(shape, mask.shape))) return;
  const wanted = options.map(({ axes, shape }) => `[${shape.join(', ')}], which is ${axes}`).join(', or ');
  throw new ShapeError(operation, `${name} has the wrong shape`, [
    { name, shape: mask.shape, note: `expects ${wanted}` },
  ]);
}

/** Masks, under the names that the caller knows them by. */
export interface NamedMasks {
  readonly attnMask: readonly [name: string, mask: Tensor | null];
  readonly keyPaddingMask: readonly [name: string, mask: Tensor | null];
}

/** @throws DTypeError, ShapeError unless masks fit an attention of these sizes */
export function checkMasks(
  operation: string,
  { attnMask: [maskName, attnMask], keyPaddingMask: [paddingName, keyPaddingMask] }: NamedMasks,
  query: Tensor,
  { batched, batch, targets, sources }: AttentionSizes,
  numHeads: number,
): void {
  if (attnMask) {
    checkMaskDType(operation, maskName, attnMask, query);
    checkMaskShape(operation, maskName, attnMask, [
      { axes: '(L, S)', shape: [targets, sources] },
      { axes: '(N · numHeads, L, S)', shape: [batch * numHeads, targets, sources] },
    ]);
  }
  if (keyPaddingMask) {
    checkMaskDType(operation, paddingName, keyPaddingMask, query);
    checkMaskShape(operation, paddingName, keyPaddingMask, [
      batched ? { axes: '(N, S)', shape: [batch, sources] } : { axes: '(S)', shape: [sources] },
    ]);
  }
}

/** @throws ArgumentError unless heads share the features evenly */
export function checkHeads(
  operation: string,
  features: readonly [name: string, value: number],
  heads: readonly [name: string, value: number],
): void {
  if (features[1] % heads[1] === 0) return;
  throw new ArgumentError(
    operation,
    `${features[0]} must be divisible by ${heads[0]}: each head gets the same share, got ` +
      `${describe(features[1])} and ${describe(heads[1])}`,
  );
}
