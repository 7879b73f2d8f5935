/** Activation checkpointing: less memory for more time. */
import { describe } from '../core/describe.js';
import { AutogradError, formatShape } from '../core/errors.js';
import { callback, checkOption } from '../core/options.js';
import { defaultGenerator } from '../core/random.js';
import { sameShape } from '../core/shape.js';
import { isUnfinished } from '../core/unfinished.js';
import { alias, Tensor } from '../tensor/tensor.js';
import { tidy } from '../tensor/tidy.js';
import { gradAt } from './backward.js';
import { enableGrad, mode } from './mode.js';
import { type Definition, type Edge, edgeOf, Node, nextSequence } from './node.js';

type Work = (...inputs: never[]) => Tensor | readonly Tensor[];

/** A part of the graph that the backward pass rebuilds. */
interface Segment {
  readonly f: Work;
  readonly inputs: readonly unknown[];
  /** The default generator's state before the segment ran. */
  readonly random: Uint32Array;
  readonly results: readonly Tensor['shape'][];
  /** Where the segment's gradients go. */
  readonly edges: readonly Edge[];
}

const aFunction = callback();

/** Runs the segment. @throws AutogradError unless it returns tensors */
function resultsOf(f: Work, inputs: readonly unknown[]): { list: readonly Tensor[]; single: boolean } {
  const returned: unknown = (f as (...inputs: unknown[]) => unknown)(...inputs);
  if (isUnfinished(returned))
    throw new AutogradError(
      'checkpoint',
      'f must be synchronous\n  hint: read values outside of it, or with dataSync() or itemSync()',
    );
  const single = returned instanceof Tensor;
  const list = single ? [returned] : returned;
  if (!Array.isArray(list) || !list.every((y) => y instanceof Tensor))
    throw new AutogradError(
      'checkpoint',
      `f must return a tensor or a list of tensors, got ${describe(returned)}`,
    );
  return { list: list as Tensor[], single };
}

/** The places before the segment that its results' gradients go to: inputs, and whatever else f uses. */
function edgesBefore(since: number, results: readonly Tensor[]): Edge[] {
  const edges = new Map<Tensor | Node, Map<number, Edge>>();
  const seen = new Set<Node>();
  const stack: Edge[] = results.filter((y) => y.requiresGrad).map(edgeOf);
  while (stack.length > 0) {
    const edge = stack.pop()!;
    if ('node' in edge && edge.node.sequence >= since) {
      if (seen.has(edge.node)) continue;
      seen.add(edge.node);
      for (const next of edge.node.edges) if (next !== null) stack.push(next);
      continue;
    }
    const [owner, index] = 'leaf' in edge ? [edge.leaf, 0] : [edge.node, edge.index];
    if (!edges.has(owner)) edges.set(owner, new Map());
    edges.get(owner)!.set(index, edge);
  }
  return [...edges.values()].flatMap((ofOwner) => [...ofOwner.values()]);
}

/** Runs `work` with the default generator in a saved state, then restores the current one. */
function withRandom<R>(state: Uint32Array, work: () => R): R {
  const before = defaultGenerator.state.slice();
  defaultGenerator.state.set(state);
  try {
    return work();
  } finally {
    defaultGenerator.state.set(before);
  }
}

function checkAgain(before: readonly Tensor['shape'][], again: readonly Tensor[]): void {
  if (before.length === again.length && again.every((y, i) => sameShape(y.shape, before[i]!))) return;
  const shown = (shapes: readonly Tensor['shape'][]): string => shapes.map(formatShape).join(', ');
  throw new AutogradError(
    'checkpoint',
    `f returned ${shown(before)} at first, and ${shown(again.map((y) => y.shape))} when run again for backward\n` +
      '  hint: f must do the same both times',
  );
}

const segmentDefinition: Definition<Segment> = {
  name: 'checkpoint',
  attributes: () => ({}),
  backward({ attrs: { f, inputs, random, results, edges }, createGraph }, grads) {
    const since = nextSequence();
    const { list } = enableGrad(() => withRandom(random, () => resultsOf(f, inputs)));
    checkAgain(results, list);
    const used = list.map((_, i) => i).filter((i) => grads[i] != null && list[i]!.requiresGrad);
    return gradAt(
      since,
      edges,
      used.map((i) => list[i]!),
      used.map((i) => grads[i]!),
      createGraph,
    );
  },
};

/**
 * f(...inputs), without keeping what is computed in between: backward runs f again to recompute it. A network that
 * runs in n checkpointed parts holds the activations of one part at a time, and a step takes about a third longer.
 *
 * Values and gradients are those of f(...inputs), for everything that f uses, parameters of modules too; so are second
 * derivatives. Where f draws random numbers from the default generator, as dropout does, it draws the same ones again.
 * Inside `noGrad`, it's just f(...inputs).
 *
 * f runs twice: running statistics of batch norms are updated twice, and it must do the same both times. What f makes but
 * doesn't return is freed, so don't keep it.
 *
 * @param f returns a tensor or a list of tensors
 * @throws AutogradError if f returns something else, or other shapes when it's run again
 * @differs from PyTorch: it also works with `grad` and `createGraph`, and there's no `useReentrant`
 * @source Chen et al. 2016, arXiv:1604.06174
 * @example
 * const block = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * const x = randn([3, 5, 8]);
 * checkpoint((x: Tensor) => block.forward(x), x).sum().backward();
 */
export function checkpoint<I extends readonly unknown[], R extends Tensor | readonly Tensor[]>(
  f: (...inputs: I) => R,
  ...inputs: I
): R {
  checkOption('checkpoint', 'f', aFunction, f);
  if (!mode.grad) return f(...inputs);
  const random = defaultGenerator.state.slice();
  const since = nextSequence();
  const { saves } = mode;
  mode.saves = false;
  let made: { list: readonly Tensor[]; single: boolean };
  try {
    made = tidy(() => resultsOf(f as unknown as Work, inputs));
  } finally {
    mode.saves = saves;
  }
  const { list, single } = made;
  const edges = edgesBefore(since, list);
  const results = list.map(({ shape }) => shape);
  const node = new Node<Segment>(
    segmentDefinition,
    { f: f as unknown as Work, inputs, random, results, edges },
    [],
  );
  node.edges.push(...edges);
  node.needs.push(...edges.map(() => true));
  node.outputs = list.length;
  // Saving them finds changes in place: after one, f would do something else in backward.
  const leaves = edges.flatMap((edge) => ('leaf' in edge ? [edge.leaf] : []));
  const others = inputs.filter((x): x is Tensor => x instanceof Tensor && !leaves.includes(x));
  node.save(...leaves, ...others);
  const outputs = list.map((y, i) => {
    const output = alias(y);
    if (!y.requiresGrad) return output;
    output.gradFn = node as Node;
    output.gradIndex = i;
    return output;
  });
  return (single ? outputs[0] : outputs) as R;
}
