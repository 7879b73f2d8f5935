/** One call of a function with its own gradient: the context it hands out, and its forward. */
import { describe } from '../core/describe.js';
import { AutogradError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { isUnfinished } from '../core/unfinished.js';
import { checkTensorList } from '../tensor/argument.js';
import { alias, Tensor } from '../tensor/tensor.js';
import { mode } from './mode.js';

/**
 * What `forward` keeps for `backward`. Tensors go through `saveForBackward`. Anything else can be a field you
 * add: declare it where forward names its context, `ctx: FunctionContext & { factor?: number }`.
 */
export interface FunctionContext {
  /** For each input, whether it's a tensor that requires grad. */
  readonly needsInputGrad: readonly boolean[];
  /** The tensors that forward saved. @throws AutogradError unless backward is running */
  readonly savedTensors: readonly Tensor[];
  /**
   * Keeps inputs and results for backward. A second call replaces the first. You can save other tensors too,
   * but a second derivative treats them as constants.
   */
  saveForBackward(...tensors: readonly Tensor[]): void;
  /** Says which results have no gradient. Integers and booleans never have one. */
  markNonDifferentiable(...results: readonly Tensor[]): void;
}

/** What backward needs to know of a tensor whose memory it doesn't keep. */
export interface Layout {
  readonly shape: Shape;
  readonly dtype: Tensor['dtype'];
  readonly engine: Tensor['engine'];
}

const layoutOf = ({ shape, dtype, engine }: Tensor): Layout => ({ shape, dtype, engine });

/** The user's forward or backward, before anything is known of what it returns. */
export type Unchecked = (ctx: FunctionContext, ...rest: readonly unknown[]) => unknown;

export class FunctionCall {
  readonly context: FunctionContext;
  /** Null for what isn't a tensor. */
  readonly inputs: readonly (Layout | null)[];
  results: readonly Layout[] = [];
  /** Whether forward returned a tensor, not a list. */
  single = true;
  toSave: readonly Tensor[] = [];
  /** What forward saved, while backward runs. */
  saved: readonly Tensor[] | null = null;
  /** The places of the results that are marked as having no gradient. */
  marked: readonly number[] = [];
  #args: readonly unknown[];
  #toMark: readonly Tensor[] = [];

  constructor(
    readonly name: string,
    args: readonly unknown[],
  ) {
    this.#args = args;
    this.inputs = args.map((x) => (x instanceof Tensor ? layoutOf(x) : null));
    this.context = this.#makeContext(args);
  }

  #makeContext(args: readonly unknown[]): FunctionContext {
    const call = this;
    return {
      needsInputGrad: args.map((x) => x instanceof Tensor && x.requiresGrad),
      get savedTensors(): readonly Tensor[] {
        if (call.saved !== null) return call.saved;
        throw new AutogradError(call.name, 'savedTensors can be read only while backward runs');
      },
      saveForBackward(...tensors) {
        checkTensorList(call.name, 'what saveForBackward keeps', tensors);
        call.toSave = tensors;
      },
      markNonDifferentiable(...results) {
        checkTensorList(call.name, 'what markNonDifferentiable marks', results);
        call.#toMark = results;
      },
    };
  }

  /**
   * Runs forward outside the graph. A result that has a place in the graph already, as inputs do, becomes another
   * tensor of the same memory.
   *
   * @throws AutogradError unless forward returns tensors and leaves its inputs alone
   */
  forward(forward: Unchecked): Tensor[] {
    const args = this.#args;
    this.#args = []; // the graph keeps the call, and shouldn't keep tensors that weren't saved
    const versions = args.map((x) => x instanceof Tensor && x.version);
    const returned = withoutGraph(() => forward(this.context, ...args));
    if (isUnfinished(returned)) throw asynchronous(this.name, 'forward');
    this.single = !Array.isArray(returned);
    const list = (this.single ? [returned] : returned) as readonly unknown[];
    for (const [i, x] of args.entries())
      if (x instanceof Tensor && x.version !== versions[i])
        throw new AutogradError(
          this.name,
          `forward changed input ${i + 1} in place\n  hint: use the form that makes a new tensor, or clone() the input first`,
        );
    const results: Tensor[] = [];
    for (const y of list) {
      if (!(y instanceof Tensor))
        throw new AutogradError(
          this.name,
          `forward must return a tensor or a list of tensors, got ${describe(returned)}`,
        );
      results.push(args.includes(y) || y.requiresGrad || results.includes(y) ? alias(y) : y);
    }
    this.results = results.map(layoutOf);
    this.#mark(list);
    return results;
  }

  #mark(results: readonly unknown[]): void {
    if (this.#toMark.some((y) => !results.includes(y)))
      throw new AutogradError(
        this.name,
        "markNonDifferentiable was given a tensor that forward doesn't return",
      );
    this.marked = this.#toMark.map((y) => results.indexOf(y));
    this.#toMark = [];
  }
}

/** Runs `work` without recording a graph. */
export function withoutGraph<R>(work: () => R): R {
  const before = mode.grad;
  mode.grad = false;
  try {
    return work();
  } finally {
    mode.grad = before;
  }
}

export const asynchronous = (name: string, part: string): AutogradError =>
  new AutogradError(name, `${part} must be synchronous\n  hint: read values with dataSync() or itemSync()`);
