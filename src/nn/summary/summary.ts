import { noGrad } from '../../autograd/mode.js';
import { describe } from '../../core/describe.js';
import { bytesPerElement, type DType, isFloat } from '../../core/dtype.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, dtype, either, listOf } from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import { zeros } from '../../ops/creation/creation.js';
import { Tensor } from '../../tensor/tensor.js';
import { requireModule } from '../module/argument.js';
import type { HookHandle } from '../module/hooks.js';
import type { Module } from '../module/module.js';
import { Parameter } from '../module/parameter.js';
import { undisturbed } from '../module/undisturbed.js';
import type { SummaryData, SummaryRow } from './summary-row.js';
import { summaryText } from './summary-text.js';

export interface SummaryOptions {
  /** The inputs' dtype, or one for each input (default: the dtype of the model's floating-point parameters). */
  readonly dtype?: DType | readonly DType[];
}

const summaryOptions = defineOptions({
  dtype: either(dtype(undefined), listOf(dtype('float32'), undefined)),
});

/** The result of `summary`; it prints as a table. */
export class Summary implements SummaryData {
  /** Elements in all parameters, each counted once. */
  readonly parameters: number;
  /** How many of them learn. */
  readonly trainable: number;
  /** The sum over all rows where it's known. */
  readonly multiplyAdds: number;
  /** Paths of called modules with parameters whose multiply-adds are unknown. */
  readonly uncounted: readonly string[];
  /** Memory of the inputs, the layers' outputs, the parameters, and the buffers, each counted once. */
  readonly bytes: SummaryData['bytes'];

  constructor(
    readonly rows: readonly SummaryRow[],
    model: Module,
    inputs: readonly Tensor[],
  ) {
    const sum = (of: (row: SummaryRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
    this.parameters = sum((row) => row.parameters);
    this.trainable = sum((row) => row.trainable);
    this.multiplyAdds = sum((row) => row.multiplyAdds ?? 0);
    this.uncounted = [...new Set(rows.filter((row) => row.multiplyAdds === null).map((row) => row.path))];
    this.bytes = {
      inputs: bytesOf(inputs),
      activations: sum((row) => row.activationBytes),
      parameters: bytesOf(model.parameters()),
      buffers: bytesOf(model.buffers()),
    };
  }

  toString(): string {
    return summaryText(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const bytesOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, x) => sum + x.count * bytesPerElement[x.dtype], 0);

/** The tensors in a value, including those in lists and plain objects. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(tensorsIn);
  return [];
}

const ownParameters = (module: Module): Set<Parameter> => {
  const own = new Set<Parameter>();
  for (const [, member] of module.members()) if (member instanceof Parameter) own.add(member);
  return own;
};

/** Records a row for each call while the model runs. */
class Recorder {
  readonly rows: SummaryRow[] = [];
  readonly #paths: ReadonlyMap<Module, string>;
  readonly #counted = new Set<Parameter>();
  readonly #called = new Set<Module>();
  /** The running calls: the index of each call's row, and whether it has called another module. */
  readonly #running: { readonly at: number; callsOthers: boolean }[] = [];

  constructor(model: Module) {
    this.#paths = new Map(model.namedModules().map(([path, module]) => [module, path]));
  }

  /** Runs `work` and records the calls to the model's modules. */
  watch(work: () => void): void {
    const handles: HookHandle[] = [];
    try {
      for (const module of this.#paths.keys())
        handles.push(
          module.registerForwardPreHook(() => this.#begin(module)),
          module.registerForwardHook((_, inputs, output) => this.#end(module, inputs, output)),
        );
      work();
    } finally {
      for (const handle of handles) handle.remove();
    }
    for (const [module, path] of this.#paths)
      if (!this.#called.has(module) && ownParameters(module).size > 0)
        this.rows.push(this.#row(module, path === '' ? 0 : path.split('.').length));
  }

  /** The row of a module, without the information from a call. */
  #row(module: Module, depth: number): SummaryRow {
    const row = { parameters: 0, trainable: 0, shared: 0 };
    for (const parameter of ownParameters(module)) {
      if (this.#counted.has(parameter)) row.shared += parameter.count;
      else {
        row.parameters += parameter.count;
        if (parameter.requiresGrad) row.trainable += parameter.count;
      }
      this.#counted.add(parameter);
    }
    const path = this.#paths.get(module)!;
    const type = module.constructor.name;
    return { path, type, depth, outputShapes: null, ...row, multiplyAdds: 0, activationBytes: 0 };
  }

  #begin(module: Module): undefined {
    const outer = this.#running.at(-1);
    if (outer) outer.callsOthers = true;
    this.#called.add(module);
    this.rows.push(this.#row(module, this.#running.length));
    this.#running.push({ at: this.rows.length - 1, callsOthers: false });
  }

  #end(module: Module, inputs: readonly unknown[], output: unknown): undefined {
    const { at, callsOthers } = this.#running.pop()!;
    const given = new Set(tensorsIn(inputs).map((x) => x.storage));
    const made = tensorsIn(output);
    this.rows[at] = {
      ...this.rows[at]!,
      outputShapes: made.map((x) => x.shape),
      multiplyAdds: module.multiplyAdds(inputs, output),
      activationBytes: callsOthers ? 0 : bytesOf(made.filter((x) => !given.has(x.storage))),
    };
  }
}

function shapesOf(given: Shape | readonly Shape[]): readonly Shape[] {
  const shapes = (Array.isArray(given) && given.some(Array.isArray) ? given : [given]) as readonly Shape[];
  for (const shape of shapes)
    if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0))
      throw new ArgumentError(
        'summary',
        `inputShape must be a list of lengths, or one list per input, got ${describe(given)}`,
      );
  return shapes;
}

function dtypesFor(
  model: Module,
  shapes: readonly Shape[],
  given: SummaryOptions['dtype'],
): readonly DType[] {
  const fallback = model.parameters().find((p) => isFloat(p.dtype))?.dtype ?? 'float32';
  const dtypes = typeof given === 'object' ? given : shapes.map(() => given ?? fallback);
  if (dtypes.length !== shapes.length)
    throw new ArgumentError('summary', `got ${shapes.length} inputs but ${dtypes.length} dtypes`);
  return dtypes;
}

/**
 * Summarizes a model: for each call of a layer, the output's shape, the parameters, the multiply-adds of the forward
 * pass, and the output's memory, plus totals.
 *
 * The model runs once on zeros, in evaluation mode and without a graph. Its mode, its buffers, and the random state
 * are restored afterward. Parameters are counted at their first use; a layer that is called again, or whose weights
 * are tied, is marked as shared. Only modules have rows, not functions.
 *
 * Multiply-adds: linear layers, bilinear layers, and convolutions count the products in their sums; a bias counts
 * nothing. Batch norm counts 1 per element, the other norms 2, or 3 with a scale, and PReLU 1. Other activations,
 * pooling, dropout, padding, and lookups count 0. Your own modules with parameters can report theirs in
 * `multiplyAdds`; otherwise they're listed as uncounted.
 *
 * @param inputShape shape of the input including the batch axis, or a list of shapes for several inputs
 * @throws ArgumentError for an invalid shape, and whatever the forward throws
 * @source notes 2.6, 3.5
 * @example
 * const { parameters, multiplyAdds } = nn.summary(model, [1, 4]);
 * [parameters, multiplyAdds]; // [67, 56]
 * console.log(nn.summary(new vision.LeNet5(), [1, 1, 32, 32]));
 */
export function summary(
  model: Module,
  inputShape: Shape | readonly Shape[],
  options?: SummaryOptions,
): Summary {
  requireModule('summary', 'model', model);
  const { dtype } = summaryOptions('summary', options);
  const shapes = shapesOf(inputShape);
  const dtypes = dtypesFor(model, shapes, dtype);
  const inputs = shapes.map((shape, i) => zeros(shape, { dtype: dtypes[i]! }));
  const recorder = new Recorder(model);
  undisturbed(model, () =>
    noGrad(() =>
      recorder.watch(() => (model.forward as (...inputs: Tensor[]) => unknown).apply(model, inputs)),
    ),
  );
  return new Summary(recorder.rows, model, inputs);
}
