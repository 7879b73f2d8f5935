import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { type Shape, sameShape } from '../../core/shape.js';
import { type RecurrentPlan, recurrentGates } from '../../engine/recurrent.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LayerInputs } from './composed.js';

/** @throws ShapeError, DTypeError, ArgumentError unless all operands are what kernels take for that plan */
export function checkLayer(operation: string, inputs: LayerInputs, plan: RecurrentPlan): void {
  const { kind, batch, sizes, inputSize, hiddenSize, projSize, directions } = plan;
  const { x, h0, c0, weights } = inputs;
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const gates = recurrentGates[kind] * hiddenSize;
  const size = projSize || hiddenSize;
  const check = (name: string, operand: Tensor | null, shape: Shape): void => {
    if (operand === null) return;
    if (operand.dtype !== x.dtype)
      throw new DTypeError(
        operation,
        `${name} is ${operand.dtype}, x is ${x.dtype}\n  hint: convert one with to()`,
      );
    if (!sameShape(operand.shape, shape))
      throw new ShapeError(operation, `${name} doesn't fit`, [
        { name: 'x', shape: x.shape },
        { name, shape: operand.shape, note: `expects [${shape.join(', ')}]` },
      ]);
  };
  const { bih: first } = weights[0]!;
  const whole = weights.every(
    ({ bih, bhh, hr }) =>
      [bih, bhh].every((b) => (b === null) === (first === null)) && (hr === null) === (projSize === 0),
  );
  if (!whole)
    throw new ArgumentError(operation, 'a bias or a projection is missing, or is there without the others');
  check('x', x, [rows, inputSize]);
  check('h0', h0, [directions, batch, size]);
  check('c0', c0, [directions, batch, hiddenSize]);
  for (const { ih, hh, bih, bhh, hr } of weights) {
    check('weightIh', ih, [gates, inputSize]);
    check('weightHh', hh, [gates, size]);
    check('biasIh', bih, [gates]);
    check('biasHh', bhh, [gates]);
    check('weightHr', hr, [projSize, hiddenSize]);
  }
}
