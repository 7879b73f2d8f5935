import { isFloat } from '../core/dtype.js';
import { ArgumentError, AutogradError } from '../core/errors.js';
import { defineOptions, flag, listOf, nullable } from '../core/options.js';
import { disposedError } from '../engine/storage.js';
import { severalTensors } from '../tensor/argument.js';
import { accompany, outliving } from '../tensor/memory.js';
import { tensorOption } from '../tensor/option.js';
import { alias, empty, emptyLike, type Hook, requireGradientOf, Tensor } from '../tensor/tensor.js';
import { Captures } from './captures.js';
import { mode, noGrad } from './mode.js';
import { attributesOf, type Definition, type Edge, type Grads, type Node } from './node.js';
import { OwnedMemory } from './owned-memory.js';

export interface BackwardOptions {
  /** Keep what the graph saved, for another backward (default: `createGraph`). */
  retainGraph?: boolean;
  /** Record the gradient's own graph, for second derivatives (default false). */
  createGraph?: boolean;
}

export interface GradOptions extends BackwardOptions {
  /** Gradients of the outputs (default: 1 for an output of one element). */
  gradOutputs?: readonly (Tensor | null)[];
  /** Give null for an input that the outputs don't depend on, instead of an error (default false). */
  allowUnused?: boolean;
}

const backwardOptions = { retainGraph: flag(undefined), createGraph: flag(false) };
const readBackward = defineOptions(backwardOptions);
const readGrad = defineOptions({
  gradOutputs: listOf(nullable(tensorOption, null), undefined),
  ...backwardOptions,
  allowUnused: flag(false),
});

class BackwardPass {
  readonly #pending = new Map<Node, (Tensor | null)[]>();
  readonly #leaves = new Map<Tensor, Tensor>();
  readonly #owned = new OwnedMemory();

  constructor(
    private readonly createGraph: boolean,
    private readonly retainGraph: boolean,
    private readonly captures: Captures | null,
    /** The first operation to go through. */
    private readonly since = 0,
  ) {}

  run(roots: readonly Tensor[], gradOutputs: readonly (Tensor | null)[]): void {
    this.#spread(roots, gradOutputs);
    for (const [leaf, grad] of this.#leaves) this.#finishLeaf(leaf, grad);
  }

  /** Goes back to some edges only: the gradients that arrive there, which no hook of theirs has seen. */
  runTo(
    edges: readonly Edge[],
    roots: readonly Tensor[],
    gradOutputs: readonly (Tensor | null)[],
  ): (Tensor | null)[] {
    this.#spread(roots, gradOutputs);
    return edges.map((edge) => {
      const grad = 'leaf' in edge ? this.#leaves.get(edge.leaf) : this.#pending.get(edge.node)?.[edge.index];
      if (grad) this.#owned.share(grad);
      return grad ?? null;
    });
  }

  #spread(roots: readonly Tensor[], gradOutputs: readonly (Tensor | null)[]): void {
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i]!;
      const [grad] = this.#watch(() => [rootGradient(root, gradOutputs[i] ?? null)]);
      if (root.gradFn === null) this.#deliver({ leaf: root }, grad!);
      else this.#deliver({ node: root.gradFn as Node, index: root.gradIndex }, grad!);
      this.#owned.drop(grad!);
    }
    for (const node of this.#order(roots)) this.#visit(node);
  }

  /** Runs work whose memory the pass owns, unless a graph is recorded, which keeps what it needs. */
  #watch(work: () => Grads): Grads {
    return this.createGraph ? work() : this.#owned.watch(work);
  }

  #gradientsOf({ showsGradients }: Definition<unknown>, work: () => Grads, grads: Grads): Grads {
    if (!showsGradients) return this.#watch(work);
    for (const grad of grads) if (grad) this.#owned.share(grad);
    return work();
  }

  /** Nodes that gradients reach, results before inputs. */
  #order(roots: readonly Tensor[]): Node[] {
    const seen = new Set<Node>();
    const stack: Node[] = [];
    for (const root of roots) if (root.gradFn !== null) stack.push(root.gradFn as Node);
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (seen.has(node) || node.sequence < this.since) continue;
      seen.add(node);
      for (const edge of node.edges)
        if (edge !== null && 'node' in edge && !seen.has(edge.node)) stack.push(edge.node);
    }
    return [...seen].sort((a, b) => b.sequence - a.sequence);
  }

  #visit(node: Node): void {
    const grads = this.#pending.get(node);
    if (grads === undefined) return;
    this.#pending.delete(node);
    for (let i = 0; i < grads.length; i++) {
      const grad = grads[i];
      if (grad == null) continue;
      const hooks = node.hooks?.[i] ?? null;
      if (hooks !== null) grads[i] = this.#callHooks(hooks, grad);
      if (this.captures?.wantsResult(node, i)) {
        this.#owned.share(grads[i]!);
        this.captures.setResult(node, i, grads[i]!);
      }
    }
    const { definition, attrs, needs } = node;
    const saved = node.unpack();
    const ctx = { attrs, saved, needs, createGraph: this.createGraph };
    const inputGrads = this.#gradientsOf(definition, () => definition.backward!(ctx, grads), grads);
    const { name, sequence } = node;
    mode.inspect?.(name, 'backward', grads, inputGrads, attributesOf(definition, attrs), sequence);
    if (!this.retainGraph) node.free();
    for (let i = 0; i < inputGrads.length; i++) {
      const grad = inputGrads[i];
      const edge = node.edges[i];
      if (grad == null || edge == null) continue;
      this.#deliver(edge, grad);
    }
    for (const grad of inputGrads) if (grad) this.#owned.drop(grad);
    for (const grad of grads) if (grad) this.#owned.drop(grad);
  }

  #deliver(edge: Edge, grad: Tensor): void {
    if ('leaf' in edge) {
      if (this.captures === null || this.captures.wantsLeaf(edge.leaf))
        this.#leaves.set(edge.leaf, this.#sum(this.#leaves.get(edge.leaf) ?? null, grad));
      return;
    }
    const { node, index } = edge;
    let slots = this.#pending.get(node);
    if (slots === undefined) {
      slots = new Array<Tensor | null>(node.outputs).fill(null);
      this.#pending.set(node, slots);
    }
    slots[index] = this.#sum(slots[index]!, grad);
  }

  /** The sum of what arrived before and one gradient more, in place where nobody else sees it. */
  #sum(before: Tensor | null, more: Tensor): Tensor {
    if (before === null) {
      this.#owned.hold(more);
      return more;
    }
    if (this.createGraph) return before.add(more);
    if (this.#owned.isExclusive(before)) {
      before.engine.binary('add', before, before, more);
      return before;
    }
    const [sum] = this.#owned.watch(() => [before.add(more)]);
    this.#owned.drop(before);
    return sum!;
  }

  #finishLeaf(leaf: Tensor, sum: Tensor): void {
    if (leaf.storage.disposedAt !== undefined) throw disposedError('backward', 'a leaf', leaf);
    const grad = leaf.hooks === null ? sum : this.#callHooks(leaf.hooks, sum);
    if (this.captures !== null) {
      this.#owned.share(grad);
      this.captures.setLeaf(leaf, grad);
    } else if (leaf.grad !== null) {
      requireGradientOf('backward', leaf, leaf.grad);
      if (this.createGraph) leaf.grad = leaf.grad.add(grad);
      else {
        leaf.engine.binary('add', leaf.grad, leaf.grad, grad);
        leaf.grad.storage.version++;
      }
    } else if (this.createGraph) leaf.grad = grad.clone();
    else if (this.#owned.isExclusive(grad)) {
      this.#owned.give(grad, leaf);
      leaf.grad = alias(grad);
    } else leaf.grad = copyOf(grad, leaf);
    this.#owned.drop(sum);
  }

  #callHooks(hooks: readonly Hook[], grad: Tensor): Tensor {
    this.#owned.share(grad);
    let result = grad;
    for (const hook of hooks) result = hook(result) ?? result;
    if (result !== grad) requireGradientOf('registerHook', grad, result);
    return result;
  }
}

/** A copy that lives as long as its leaf: a parameter's gradient outlives the step that made it. */
function copyOf(grad: Tensor, leaf: Tensor): Tensor {
  const copy = outliving(() => empty(grad.shape, grad.dtype, grad.engine));
  accompany(copy.storage, leaf.storage);
  copy.engine.copy(copy, grad);
  return copy;
}

function rootGradient(root: Tensor, given: Tensor | null): Tensor {
  if (root.storage.disposedAt !== undefined) throw disposedError('backward', 'the root', root);
  if (!isFloat(root.dtype))
    throw new AutogradError('backward', `only floating tensors have gradients, the root is ${root.dtype}`);
  if (!root.requiresGrad)
    throw new AutogradError(
      'backward',
      "the root doesn't require grad: no operand of it does, or it was computed in noGrad or after detach()",
    );
  if (given !== null) {
    requireGradientOf('backward', root, given);
    return given;
  }
  if (root.count !== 1)
    throw new AutogradError(
      'backward',
      `the root has ${root.count} elements, a gradient starts from one\n` +
        '  hint: reduce it with mean() or sum(), or give the gradient of the root',
    );
  const one = emptyLike(root);
  one.engine.fill(one, 1);
  return one;
}

/**
 * Adds the gradient of `roots` to `.grad` of every leaf that requires one.
 *
 * @throws AutogradError for a root that isn't a scalar, requires no grad, or whose graph was freed
 */
export function backward(
  roots: Tensor | readonly Tensor[],
  gradients: Tensor | null | readonly (Tensor | null)[] = null,
  options?: BackwardOptions,
): void {
  const { createGraph, retainGraph = createGraph } = readBackward('backward', options);
  const list = severalTensors('backward', 'the roots', roots);
  const given = gradients === null || gradients instanceof Tensor ? [gradients] : gradients;
  const pass = new BackwardPass(createGraph, retainGraph, null);
  const work = (): void => pass.run(list, given);
  createGraph ? work() : noGrad(work);
}

/**
 * The gradients of `outputs` with respect to `inputs`; `.grad` is left alone.
 *
 * @throws AutogradError for an input that the outputs don't depend on, unless `allowUnused`
 * @example
 * const w = tensor([2, 3]).to('float32').requiresGrad_();
 * const [slope] = grad(w.pow(3).sum(), w, { createGraph: true });
 * slope; // [12, 27]
 * grad(slope.sum(), w)[0]; // [12, 18]
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions & { allowUnused: true },
): (Tensor | null)[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions,
): (Tensor | null)[] {
  const { createGraph, retainGraph = createGraph, gradOutputs = [], allowUnused } = readGrad('grad', options);
  const roots = severalTensors('grad', 'outputs', outputs);
  const wanted = severalTensors('grad', 'inputs', inputs);
  wanted.forEach((input, i) => {
    if (!input.requiresGrad)
      throw new AutogradError(
        'grad',
        `input ${i + 1} doesn't require grad\n  hint: call requiresGrad_() on it first`,
      );
  });
  if (gradOutputs.length > roots.length)
    throw new ArgumentError('grad', `${gradOutputs.length} gradOutputs for ${roots.length} outputs`);
  const captures = new Captures(wanted);
  const pass = new BackwardPass(createGraph, retainGraph, captures);
  const work = (): void => pass.run(roots, gradOutputs);
  createGraph ? work() : noGrad(work);
  return wanted.map((input, i) => {
    const found = captures.get(input);
    if (found === null && !allowUnused)
      throw new AutogradError(
        'grad',
        `the outputs don't depend on input ${i + 1}\n  hint: { allowUnused: true } gives null for it`,
      );
    return found;
  });
}

/**
 * The gradients of what operations recorded from `since` on made of `inputs`, with a graph of their own. Unlike `grad`,
 * it doesn't go on into the graph that the inputs come from.
 */
export function gradSince(
  since: number,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  gradOutputs: readonly Tensor[],
): (Tensor | null)[] {
  const captures = new Captures(inputs);
  new BackwardPass(true, true, captures, since).run(outputs, gradOutputs);
  return inputs.map((input) => captures.get(input));
}

/**
 * The gradients that arrive at edges, from what operations recorded from `since` on made; it doesn't go on from there.
 */
export function gradAt(
  since: number,
  edges: readonly Edge[],
  outputs: readonly Tensor[],
  gradOutputs: readonly Tensor[],
  createGraph: boolean,
): (Tensor | null)[] {
  const pass = new BackwardPass(createGraph, createGraph, null, since);
  const work = (): (Tensor | null)[] => pass.runTo(edges, outputs, gradOutputs);
  return createGraph ? work() : noGrad(work);
}
