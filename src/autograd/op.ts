import { isFloat } from '../core/dtype.js';
import { EngineError } from '../core/errors.js';
import { disposedError, engineMismatch } from '../engine/storage.js';
import { notTensor } from '../tensor/argument.js';
import { outsideGraph, Tensor } from '../tensor/tensor.js';
import { mode } from './mode.js';
import { attributesOf, type BackwardContext, type Definition, type Grads, Node, type Saver } from './node.js';

type Inputs = readonly (Tensor | null)[];

const forgetful: Saver = { records: false, save() {} };

/**
 * Whether an input requires a gradient.
 * @throws ArgumentError, DisposedError or EngineError unless all are tensors in use, on one engine
 */
export function checkInputs(name: string, inputs: Inputs): boolean {
  let needsGrad = false;
  let first: Tensor | null = null;
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i];
    if (x === null) continue;
    if (!(x instanceof Tensor)) throw notTensor(name, `operand ${i + 1}`, x);
    if (x.storage.disposedAt !== undefined) throw disposedError(name, `operand ${i + 1}`, x);
    if (first === null) first = x;
    else if (x.storage.engine !== first.storage.engine) throw engineMismatch(name, i + 1, x, first);
    if (x.requiresGrad) needsGrad = true;
  }
  return needsGrad;
}

/** Whether a view of a view shows this one, instead of the tensor that this one shows. */
const isBase = (x: Tensor): boolean => x.base === null || (x.isLeaf && x.requiresGrad);

/** Notes whose memory a result shows. */
function noteView(inputs: Inputs, output: Tensor): void {
  if (!isFloat(output.dtype)) return;
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i];
    if (x == null || x.storage !== output.storage || x === output) continue;
    const inGraph = mode.grad && (isBase(x) || x.viewVersion !== outsideGraph);
    output.base = isBase(x) ? x : x.base;
    output.viewVersion = inGraph ? output.storage.version : outsideGraph;
    return;
  }
}

function record<A>(node: Node<A>, inputs: Inputs, outputs: readonly Tensor[]): void {
  node.outputs = outputs.length;
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i]!;
    if (!isFloat(output.dtype)) continue;
    output.gradFn = node;
    output.gradIndex = i;
    noteView(inputs, output);
  }
}

function run<I extends Inputs, A, R extends Tensor | readonly Tensor[], E>(
  definition: Definition<A> & { forward(ctx: Saver, inputs: I, attrs: A, unrecorded: E): R },
  inputs: I,
  attrs: A,
  unrecorded: E,
): R {
  const needsGrad = checkInputs(definition.name, inputs) && mode.grad && definition.backward !== undefined;
  let result: R;
  if (!needsGrad) {
    try {
      result = definition.forward(forgetful, inputs, attrs, unrecorded);
    } catch (error) {
      throw EngineError.inOperation(error, definition.name);
    }
    if (result instanceof Tensor) noteView(inputs, result);
    else for (const output of result) noteView(inputs, output);
    mode.inspect?.(definition.name, 'forward', inputs, result, attributesOf(definition, attrs));
    return result;
  }
  const node = new Node(definition, attrs, inputs);
  mode.grad = false;
  try {
    result = definition.forward(node, inputs, attrs, unrecorded);
  } catch (error) {
    throw EngineError.inOperation(error, definition.name);
  } finally {
    mode.grad = true;
  }
  mode.inspect?.(definition.name, 'forward', inputs, result, attributesOf(definition, attrs), node.sequence);
  record(node, inputs, Array.isArray(result) ? result : [result as Tensor]);
  return result;
}

/**
 * An operation with one result. Its attributes `A` are plain data with named fields, or there are none; what
 * forward needs besides, like a generator, isn't recorded.
 */
export interface OpDefinition<I extends Inputs, A, E = void> {
  /** PyTorch's name in camelCase, for error messages. */
  readonly name: string;
  /** Computes the result, a new tensor or a view, with the engine's kernels. Records no graph. */
  forward(ctx: Saver, inputs: I, attrs: A, unrecorded: E): Tensor;
  /**
   * The gradient of each input, null where none is needed, each with its input's shape and dtype.
   * Made of operations, so that it can be differentiated; if it calls a fused kernel instead, it
   * takes the differentiable way if `ctx.createGraph`. Absent: the result has no gradient.
   */
  backward?(ctx: BackwardContext<A>, grad: Tensor): Grads;
  /** The attributes to show, if `A` has other names for them or none (default: `A` itself). */
  attributes?(attrs: A): object;
}

/** Makes a differentiable function of tensors from an operation's definition. */
export function defineOp<I extends Inputs, A = void, E = void>(
  definition: OpDefinition<I, A, E>,
): (inputs: I, attrs: A, unrecorded: E) => Tensor {
  const { name, backward, attributes } = definition;
  const full = {
    name,
    forward: definition.forward,
    attributes,
    backward: backward && ((ctx: BackwardContext<A>, grads: Grads) => backward(ctx, grads[0]!)),
  };
  return (inputs, attrs, unrecorded) => run<I, A, Tensor, E>(full, inputs, attrs, unrecorded);
}

/** An operation with several results. */
export interface MultiOpDefinition<I extends Inputs, A, R extends readonly Tensor[]> {
  readonly name: string;
  forward(ctx: Saver, inputs: I, attrs: A): R;
  /** As in OpDefinition; a result that nothing used has a null gradient. */
  backward?(ctx: BackwardContext<A>, grads: Grads): Grads;
  /** Whether backward calls the user's code (default false). */
  readonly showsGradients?: boolean;
}

/** As `defineOp`, for operations with several results. */
export function defineMultiOp<I extends Inputs, A = void, R extends readonly Tensor[] = readonly Tensor[]>(
  definition: MultiOpDefinition<I, A, R>,
): (inputs: I, attrs: A) => R {
  const { name, forward, backward, showsGradients } = definition;
  const full = { name, forward, backward, showsGradients };
  return (inputs, attrs) => run<I, A, R, void>(full, inputs, attrs, undefined);
}
