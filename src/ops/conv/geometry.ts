import { isFloat } from '../../core/dtype.js';
import { DTypeError, type Operand, ShapeError } from '../../core/errors.js';
import { size, whole } from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import { perAxis, type Size, triple } from '../../core/sizes.js';
import type { ConvGeometry } from '../../engine/conv.js';
import { checkTensorOrNull } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The sizes that a convolution and its transpose share, one for each axis. */
export interface ConvSizes {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

const spatial = ['L', 'HW', 'DHW'] as const;

/** The names of the axes of a convolution's operands, for example `(N, C, H, W)`. */
const axesOf = (lead: readonly string[], rank: number, prefix = ''): string =>
  `(${[...lead, ...[...spatial[rank - 1]!].map((axis) => prefix + axis)].join(', ')})`;

/** Options of a convolution and its transpose, in PyTorch's order. */
export const strideOption = { stride: size(1, 1) };
export const spacingOptions = { dilation: size(1, 1), groups: whole(1, { least: 1 }) };

export function convSizes(
  operation: string,
  rank: number,
  {
    stride,
    padding,
    dilation,
    groups,
  }: { readonly stride: Size; readonly padding: Size; readonly dilation: Size; readonly groups: number },
): ConvSizes {
  return {
    stride: perAxis(operation, 'stride', stride, rank, 1),
    padding: perAxis(operation, 'padding', padding, rank, 0),
    dilation: perAxis(operation, 'dilation', dilation, rank, 1),
    groups,
  };
}

/** The geometry of a convolution from `input` to `output`, with 1 for missing axes. */
export function geometryOf(
  batch: number,
  channels: readonly [input: number, output: number],
  input: Shape,
  output: Shape,
  kernel: Shape,
  sizes: ConvSizes,
): ConvGeometry {
  return {
    batch,
    inChannels: channels[0],
    outChannels: channels[1],
    groups: sizes.groups,
    input: triple(input, 1),
    output: triple(output, 1),
    kernel: triple(kernel, 1),
    stride: triple(sizes.stride, 1),
    padding: triple(sizes.padding, 0),
    dilation: triple(sizes.dilation, 1),
  };
}

/**
 * Checks what all convolutions require of their operands.
 *
 * @param inputAxis the axis of the weight that belongs to the channels of x
 * @throws ShapeError, DTypeError
 */
export function checkConvOperands(
  operation: string,
  rank: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  groups: number,
  inputAxis: 0 | 1,
): void {
  checkTensorOrNull(operation, 'bias', bias);
  const batched = x.ndim === rank + 2;
  const lead = batched ? ['N', 'C'] : ['C'];
  const weightAxes = axesOf(inputAxis === 1 ? ['O', 'C'] : ['C', 'O'], rank, 'k');
  const fail = (problem: string, notes: { x?: string; weight?: string }, hint?: string): never => {
    const operands: Operand[] = [
      { name: 'x', axes: axesOf(lead, rank), shape: x.shape, ...(notes.x ? { note: notes.x } : {}) },
      {
        name: 'weight',
        axes: weightAxes,
        shape: weight.shape,
        ...(notes.weight ? { note: notes.weight } : {}),
      },
    ];
    throw new ShapeError(operation, problem, operands, hint);
  };
  if (!batched && x.ndim !== rank + 1)
    fail(`x needs ${rank + 2} axes, or ${rank + 1} without a batch`, { x: `${x.ndim} axes` });
  if (weight.ndim !== rank + 2) fail(`the weight needs ${rank + 2} axes`, { weight: `${weight.ndim} axes` });
  if (weight.shape[0]! % groups !== 0)
    fail(`${weight.shape[0]} channels can't be split into ${groups} groups`, {
      weight: `${inputAxis === 0 ? 'C' : 'O'} = ${weight.shape[0]}`,
    });
  const channels = x.shape[x.ndim - rank - 1]!;
  const expected = inputAxis === 1 ? weight.shape[1]! * groups : weight.shape[0]!;
  if (channels !== expected)
    fail(
      'channels disagree',
      { x: `C = ${channels}`, weight: `expects C = ${expected}${groups > 1 ? ` in ${groups} groups` : ''}` },
      channelHint(x, rank, expected, batched),
    );
  const outputs = inputAxis === 1 ? weight.shape[0]! : weight.shape[1]! * groups;
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== outputs))
    throw new ShapeError(operation, 'the bias needs one number for each output channel', [
      { name: 'weight', axes: weightAxes, shape: weight.shape, note: `O = ${outputs}` },
      { name: 'bias', axes: '(O)', shape: bias.shape },
    ]);
  if (weight.shape.slice(2).includes(0)) fail('the kernel is empty', {});
  for (const [name, operand] of [
    ['weight', weight],
    ['bias', bias],
  ] as const)
    if (operand !== null && operand.dtype !== x.dtype)
      throw new DTypeError(
        operation,
        `x is ${x.dtype}, the ${name} is ${operand.dtype}\n  hint: x.to(${name}.dtype)`,
      );
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs float32 or float64, x is ${x.dtype}`);
}

/** What to do if the channels are the last axis. */
function channelHint(x: Tensor, rank: number, expected: number, batched: boolean): string | undefined {
  if (x.shape.at(-1) !== expected) return undefined;
  const axes = x.shape.map((_, i) => i);
  const order = batched ? [0, rank + 1, ...axes.slice(1, -1)] : [rank, ...axes.slice(0, -1)];
  const layout = ['NLC', 'NHWC', 'NDHWC'][rank - 1]!.slice(batched ? 0 : 1);
  const what = rank === 1 ? 'sequences' : rank === 2 ? 'images' : 'volumes';
  return `the last axis is ${expected}; ${layout} ${what} need x.permute([${order.join(', ')}])`;
}
