import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, type Operand, ShapeError } from '../../core/errors.js';
import { type Shape, sameShape } from '../../core/shape.js';
import type { AttentionInputs, AttentionPlan } from '../../engine/attention.js';
import type { Tensor } from '../../tensor/tensor.js';

const operation = 'scaledDotProductAttention';

const axes = { query: '(…, Hq, L, E)', key: '(…, H, S, E)', value: '(…, H, S, Ev)' } as const;

type Name = keyof typeof axes;

/** The three operands for an error, with a note about some. */
const operandsOf = (inputs: AttentionInputs<Tensor>, notes: Partial<Record<Name, string>> = {}): Operand[] =>
  (['query', 'key', 'value'] as const).map((name) => ({
    name,
    axes: axes[name],
    shape: inputs[name].shape,
    ...(notes[name] === undefined ? {} : { note: notes[name] }),
  }));

function checkDTypes({ query, key, value, mask }: AttentionInputs<Tensor>): void {
  if (!isFloat(query.dtype))
    throw new DTypeError(operation, `needs float32 or float64, query is ${query.dtype}`);
  for (const [name, x] of Object.entries({ key, value }))
    if (x.dtype !== query.dtype)
      throw new DTypeError(
        operation,
        `${name} is ${x.dtype}, query is ${query.dtype}\n  hint: convert one with to()`,
      );
  if (mask !== null && mask.dtype !== 'bool' && mask.dtype !== query.dtype)
    throw new DTypeError(
      operation,
      `attnMask is ${mask.dtype}, but must be bool or ${query.dtype}, like query\n` +
        `  hint: mask.ne(0) is true where a key may be seen; numbers to add to the scores need to('${query.dtype}')`,
    );
}

/** The axes before L and E to which the operands broadcast, heads apart. */
function sharedAxes(inputs: AttentionInputs<Tensor>, from: number): Shape {
  const all = [inputs.query, inputs.key, inputs.value].map((x) => x.shape.slice(0, from));
  const rank = Math.max(...all.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const lengths = all.map((shape) => shape[i - rank + shape.length] ?? 1).filter((n) => n !== 1);
    if (lengths.some((n) => n !== lengths[0]))
      throw new ShapeError(
        operation,
        `the batch axes don't broadcast: axis ${i - rank + from} is ${[...new Set(lengths)].join(' and ')}`,
        operandsOf(inputs),
        from === -2 && inputs.query.ndim > 2
          ? 'fewer heads of keys than of queries need enableGqa: true'
          : undefined,
      );
    return lengths[0] ?? 1;
  });
}

function checkSizes(inputs: AttentionInputs<Tensor>, grouped: boolean): void {
  const { query, key, value } = inputs;
  const rank = grouped ? 3 : 2;
  if ([query, key, value].some((x) => x.ndim < rank))
    throw new ShapeError(
      operation,
      grouped
        ? 'with enableGqa, operands need heads: three axes at least'
        : 'operands need two axes at least',
      operandsOf(inputs),
    );
  const [width, length] = [query.shape.at(-1)!, key.shape.at(-2)!];
  if (key.shape.at(-1) !== width)
    throw new ShapeError(
      operation,
      'queries and keys differ in width',
      operandsOf(inputs, { query: `E = ${width}`, key: `expects E = ${width}` }),
    );
  if (value.shape.at(-2) !== length)
    throw new ShapeError(
      operation,
      "there isn't a value for each key",
      operandsOf(inputs, { key: `S = ${length}`, value: `expects S = ${length}` }),
    );
  if (!grouped) return;
  const [heads, own] = [query.shape.at(-3)!, key.shape.at(-3)!];
  if (value.shape.at(-3) !== own)
    throw new ShapeError(
      operation,
      'keys and values differ in heads',
      operandsOf(inputs, { key: `H = ${own}`, value: `expects H = ${own}` }),
    );
  if (own === 0 ? heads !== 0 : heads % own !== 0)
    throw new ShapeError(
      operation,
      "the queries' heads aren't a multiple of the keys'",
      operandsOf(inputs, { query: `Hq = ${heads}`, key: `H = ${own}` }),
    );
}

function checkMask(mask: Tensor, scores: Shape): void {
  const from = scores.length - mask.ndim;
  const fits = from >= 0 && mask.shape.every((n, i) => n === 1 || n === scores[from + i]);
  if (fits) return;
  throw new ShapeError(
    operation,
    "attnMask doesn't broadcast to the scores",
    [
      { name: 'attnMask', shape: mask.shape },
      { name: 'scores', axes: '(…, Hq, L, S)', shape: scores },
    ],
    sameShape(mask.shape, [scores[0]!, scores.at(-1)!]) && scores.length === 4
      ? 'a mask of the keys of each sequence, (N, S), needs two axes more: mask.reshape([N, 1, 1, S])'
      : 'its axes, counted from the last, must equal those of the scores or be 1',
  );
}

const expanded = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : x.expand(shape));

/**
 * The inputs with all their batch axes.
 *
 * @throws DTypeError, ShapeError, ArgumentError unless they fit together
 */
export function checkAttention(
  inputs: AttentionInputs<Tensor>,
  { causal }: AttentionPlan,
  grouped: boolean,
): AttentionInputs<Tensor> {
  const { query, key, value, mask } = inputs;
  checkDTypes(inputs);
  checkSizes(inputs, grouped);
  const batch = sharedAxes(inputs, grouped ? -3 : -2);
  const own = grouped ? -3 : -2;
  const scores = [...batch, ...query.shape.slice(own, -1), key.shape.at(-2)!];
  if (mask !== null) {
    if (causal)
      throw new ArgumentError(
        operation,
        'isCausal excludes attnMask\n  hint: join both in one mask: attnMask.logicalAnd(ones([L, S]).tril().ne(0))',
      );
    checkMask(mask, scores);
  }
  const whole = (x: Tensor): Tensor => expanded(x, [...batch, ...x.shape.slice(own)]);
  return { query: whole(query), key: whole(key), value: whole(value), mask };
}
