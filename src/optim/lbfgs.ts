import { noGrad } from '../autograd/mode.js';
import { ArgumentError, EngineError } from '../core/errors.js';
import {
  checkOption,
  checkOptions,
  defineOptions,
  instance,
  listOf,
  nullable,
  whole,
  word,
} from '../core/options.js';
import { zeros } from '../ops/creation/creation.js';
import { cat } from '../ops/shape/join.js';
import { outliving } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { tidy } from '../tensor/tidy.js';
import { atLeastZero } from './check.js';
import { type Point, strongWolfe } from './line-search.js';
import { type Closure, Optimizer, type Params, type SavedSlot } from './optimizer.js';
import { readCount, readNumber, type SlotState } from './state.js';

export interface LBFGSOptions {
  /** Factor applied to the step (default 1). */
  lr: number;
  /** Maximum number of iterations per `step` (default 20). */
  maxIter: number;
  /** Maximum number of closure evaluations per `step` (default 1¼ · `maxIter`). */
  maxEval: number;
  /** A `step` ends when no element of the gradient is larger than this (default 1e-7). */
  toleranceGrad: number;
  /** A `step` ends when the loss or the parameters change by less than this (default 1e-9). */
  toleranceChange: number;
  /** How many gradient changes to remember (default 100). */
  historySize: number;
  /** How to choose the step length of an iteration (default null: use `lr`). */
  lineSearchFn: 'strong_wolfe' | null;
}

/** What carries over from one iteration to the next; vectors hold all parameters end to end. */
interface Memory {
  funcEvals: number;
  iterations: number;
  direction: Tensor;
  stepLength: number;
  /** Changes in the gradient and in the parameters, and 1/(their dot product). */
  changes: { readonly gradient: Tensor; readonly step: Tensor; readonly rho: number }[];
  /** Scale of the initial estimate of the inverse Hessian. */
  scale: number;
  gradient: Tensor;
  loss: number;
}

/** Computes with vectors: records nothing, frees temporaries, and returns a result that outlives every scope. */
const compute = <R>(work: () => R): R => outliving(() => tidy(() => noGrad(work)));

/** @throws EngineError if results arrive later: each step of the search depends on the one before */
function requireNow({ engine }: Tensor): void {
  if (!engine.synchronous)
    throw new EngineError(
      'LBFGS',
      `its search reads every loss, and results arrive later on the ${engine.name} engine\n  hint: use another optimizer, such as Adam, or a model made after setEngine('wasm')`,
    );
}

const dot = (a: Tensor, b: Tensor): number => compute(() => a.dot(b).itemSync());
const largest = (x: Tensor): number => compute(() => x.abs().max().itemSync());

const positive = { least: 1 };
const spec = {
  lr: atLeastZero(1),
  maxIter: whole(20, positive),
  maxEval: whole(undefined, positive),
  toleranceGrad: atLeastZero(1e-7),
  toleranceChange: atLeastZero(1e-9),
  historySize: whole(100, positive),
  lineSearchFn: nullable(word(['strong_wolfe'], undefined), null),
};
const lbfgsOptions = defineOptions(spec);

/**
 * Limited-memory BFGS: a quasi-Newton method that estimates the inverse Hessian from the latest gradients. It's meant
 * for full data sets, not batches: a `step` calls its closure many times and reads the loss each time.
 *
 * It supports only one parameter group.
 *
 * @source Nocedal 1980; Liu and Nocedal 1989; follows minFunc, Schmidt 2005
 * @example
 * const lbfgs = new optim.LBFGS(model.parameters(), { lineSearchFn: 'strong_wolfe' });
 * const first = lbfgs.step(() => {
 *   lbfgs.zeroGrad();
 *   const loss = F.crossEntropy(model.forward(x), y);
 *   loss.backward();
 *   return loss;
 * });
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  #memory: Memory | null = null;

  constructor(params: Params<LBFGSOptions>, options?: Partial<LBFGSOptions>) {
    const read = lbfgsOptions(new.target.name, options);
    super(params, { ...read, maxEval: read.maxEval ?? Math.floor(read.maxIter * 1.25) });
  }

  override addParamGroup(group: Parameters<Optimizer<LBFGSOptions>['addParamGroup']>[0]): void {
    if (this.paramGroups.length > 0) throw new ArgumentError('LBFGS', 'supports only one parameter group');
    super.addParamGroup(group);
    if (this.params.length === 0) throw new ArgumentError('LBFGS', 'there are no parameters to optimize');
    const { dtype, engine } = this.params[0]!;
    if (this.params.some((p) => p.dtype !== dtype || p.engine !== engine))
      throw new ArgumentError('LBFGS', 'all parameters must have the same dtype and engine');
  }

  private get params(): readonly Tensor[] {
    return this.paramGroups[0]!.params;
  }

  protected override check(options: LBFGSOptions): void {
    checkOptions(this.name, spec, options);
  }

  /**
   * Runs up to `maxIter` iterations, stopping early if a tolerance is reached.
   *
   * @param closure recomputes the loss and its gradients
   * @returns the loss before the first iteration
   * @throws ArgumentError if there's no closure
   */
  override step(): never;
  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor {
    if (closure === undefined)
      throw new ArgumentError(
        'LBFGS',
        'step needs a closure: opt.step(() => { opt.zeroGrad(); const loss = …; loss.backward(); return loss; })',
      );
    this.checkGroups();
    requireNow(this.params[0]!);
    const options = this.paramGroups[0]!;
    const first = this.evaluate(closure);
    let loss = first.itemSync();
    let gradient = this.#gradient();
    let evaluations = 1;
    if (this.#memory) this.#memory.funcEvals++;
    if (largest(gradient) <= options.toleranceGrad) return first;

    for (let n = 1; n <= options.maxIter; n++) {
      const memory = this.#advance(gradient, loss);
      const before = loss;
      const { direction } = memory;
      const isFirst = memory.iterations === 1;
      memory.stepLength =
        options.lr * (isFirst ? Math.min(1, 1 / compute(() => gradient.abs().sum().itemSync())) : 1);
      const slope = dot(gradient, direction);
      if (slope > -options.toleranceChange) break;

      let calls = 0;
      if (options.lineSearchFn === 'strong_wolfe') {
        const found = this.#search(closure, { t: 0, value: loss, slope, gradient }, memory);
        ({ value: loss, gradient, t: memory.stepLength } = found.point);
        calls = found.evaluations;
        this.#move(memory.stepLength, direction);
      } else {
        this.#move(memory.stepLength, direction);
        // Results of the last iteration aren't checked.
        if (n < options.maxIter) {
          loss = this.evaluate(closure).itemSync();
          gradient = this.#gradient();
          calls = 1;
        }
      }
      evaluations += calls;
      memory.funcEvals += calls;

      if (evaluations >= options.maxEval || largest(gradient) <= options.toleranceGrad) break;
      if (largest(direction) * Math.abs(memory.stepLength) <= options.toleranceChange) break;
      if (Math.abs(loss - before) < options.toleranceChange) break;
    }
    return first;
  }

  /** Learns from the last iteration's step and finds the direction of the next one. */
  #advance(gradient: Tensor, loss: number): Memory {
    let memory = this.#memory;
    if (memory === null) {
      memory = {
        funcEvals: 1,
        iterations: 0,
        direction: compute(() => gradient.neg()),
        stepLength: 0,
        changes: [],
        scale: 1,
        gradient,
        loss,
      };
      this.#memory = memory;
    } else {
      const { direction, stepLength, gradient: last } = memory;
      const change = compute(() => ({ gradient: gradient.sub(last), step: direction.mul(stepLength) }));
      const product = dot(change.gradient, change.step);
      if (product > 1e-10) {
        if (memory.changes.length === this.paramGroups[0]!.historySize) memory.changes.shift();
        memory.changes.push({ ...change, rho: 1 / product });
        memory.scale = product / dot(change.gradient, change.gradient);
      }
      memory.direction = newtonDirection(gradient, memory);
      memory.gradient = gradient;
      memory.loss = loss;
    }
    memory.iterations++;
    return memory;
  }

  #search(closure: Closure, start: Point, { direction, stepLength }: Memory) {
    const origin = compute(() => this.params.map((p) => p.clone()));
    const evaluate = (t: number): Point => {
      this.#move(t, direction);
      const value = this.evaluate(closure).itemSync();
      const gradient = this.#gradient();
      noGrad(() => {
        this.params.forEach((p, i) => {
          p.copy_(origin[i]!);
        });
      });
      return { t, value, slope: dot(gradient, direction), gradient };
    };
    const { toleranceChange } = this.paramGroups[0]!;
    return strongWolfe({ evaluate, start, first: stepLength, width: largest(direction), toleranceChange });
  }

  /** All gradients end to end, with zeros for missing ones. */
  #gradient(): Tensor {
    return compute(() =>
      cat(this.params.map((p) => (p.grad ?? zeros(p.shape, { dtype: p.dtype })).reshape([-1]))),
    );
  }

  /** θ ← θ + t·d */
  #move(t: number, direction: Tensor): void {
    let at = 0;
    noGrad(() => {
      for (const p of this.params) {
        p.add_(direction.narrow(0, at, p.count).reshape(p.shape), { alpha: t });
        at += p.count;
      }
    });
  }

  protected override saveSlot(parameter: Tensor): SlotState | undefined {
    const memory = this.#memory;
    if (memory === null || parameter !== this.params[0]) return undefined;
    return {
      func_evals: memory.funcEvals,
      n_iter: memory.iterations,
      d: memory.direction,
      t: memory.stepLength,
      old_dirs: memory.changes.map(({ gradient }) => gradient),
      old_stps: memory.changes.map(({ step }) => step),
      ro: memory.changes.map(({ rho }) => rho),
      H_diag: memory.scale,
      prev_flat_grad: memory.gradient,
      prev_loss: memory.loss,
    };
  }

  protected override loadSlots(saved: readonly SavedSlot<LBFGSOptions>[]): () => void {
    const [first] = saved;
    const memory = first === undefined || first.slot.d == null ? null : this.#readMemory(first);
    return () => {
      this.#memory = memory;
    };
  }

  #readMemory({ parameter, slot, path }: SavedSlot<LBFGSOptions>): Memory {
    const where = 'LBFGS.loadStateDict';
    const size = this.params.reduce((n, p) => n + p.count, 0);
    const vector = (name: string, value: unknown): Tensor =>
      this.copyFor(parameter, [size], `${path}.${name}`, value);
    const count = (name: string): number => readCount(where, `${path}.${name}`, slot[name]);
    const number = (name: string, value: unknown): number => readNumber(where, `${path}.${name}`, value);
    const list = (name: string, length?: number): readonly unknown[] => {
      const values = slot[name] ?? [];
      checkOption(where, `${path}.${name}`, listOf(anything, undefined, length), values);
      return values as readonly unknown[];
    };
    const gradients = list('old_dirs');
    const steps = list('old_stps', gradients.length);
    const rhos = list('ro', gradients.length);
    return {
      funcEvals: count('func_evals'),
      iterations: count('n_iter'),
      direction: vector('d', slot.d),
      stepLength: number('t', slot.t),
      changes: gradients.map((gradient, i) => ({
        gradient: vector(`old_dirs[${i}]`, gradient),
        step: vector(`old_stps[${i}]`, steps[i]),
        rho: number(`ro[${i}]`, rhos[i]),
      })),
      scale: number('H_diag', slot.H_diag),
      gradient: vector('prev_flat_grad', slot.prev_flat_grad),
      loss: number('prev_loss', slot.prev_loss),
    };
  }
}

const anything = instance('a value', (value): value is unknown => value !== undefined);

/** −H·g, where H is the inverse Hessian estimated from the changes: the two-loop recursion of L-BFGS. */
function newtonDirection(gradient: Tensor, { changes, scale }: Memory): Tensor {
  return compute(() => {
    const d = gradient.neg();
    const alphas: number[] = [];
    for (let i = changes.length - 1; i >= 0; i--) {
      const { gradient: y, step: s, rho } = changes[i]!;
      alphas[i] = s.dot(d).itemSync() * rho;
      d.add_(y, { alpha: -alphas[i]! });
    }
    d.mul_(scale);
    changes.forEach(({ gradient: y, step: s, rho }, i) => {
      d.add_(s, { alpha: alphas[i]! - y.dot(d).itemSync() * rho });
    });
    return d;
  });
}
