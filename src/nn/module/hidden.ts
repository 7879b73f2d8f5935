import { type Node, nextSequence } from '../../autograd/node.js';
import { isOptimized } from '../../autograd/optimized.js';
import { formatShape } from '../../core/errors.js';
import { warnOnce } from '../../core/warn.js';
import { Tensor } from '../../tensor/tensor.js';
import type { AnyModule } from './any-module.js';
import { Parameter } from './parameter.js';
import { placesIn } from './places.js';

/** A parameter that is used but can't be found by walking over a module. */
export interface Hidden {
  readonly parameter: Parameter;
  /** The operation that uses it. */
  readonly operation: string;
}

/**
 * Unknown parameters that `roots` were computed from.
 *
 * @param isKnown whether a parameter is known
 * @param since the first operation to look at; earlier ones are skipped
 */
export function hiddenParameters(
  roots: Iterable<Tensor>,
  isKnown: (parameter: Parameter) => boolean,
  since = 0,
): readonly Hidden[] {
  const hidden = new Map<Tensor, Hidden>();
  const seen = new Set<Node>();
  const open: Node[] = [];
  const enter = (node: Node): void => {
    if (node.sequence < since || seen.has(node)) return;
    seen.add(node);
    open.push(node);
  };
  for (const { gradFn } of roots) if (gradFn !== null) enter(gradFn as Node);
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const edge of node.edges) {
      if (edge === null) continue;
      if ('node' in edge) enter(edge.node);
      else if (edge.leaf instanceof Parameter && !isKnown(edge.leaf))
        hidden.set(edge.leaf, { parameter: edge.leaf, operation: node.name });
    }
  return [...hidden.values()];
}

/** How many to list. */
const SHOWN = 5;

/** `[4, 3] (linear), [4] (linear)`, followed by a hint. */
export function describeHidden(hidden: readonly Hidden[]): string {
  const shown = hidden.slice(0, SHOWN).map((h) => `${formatShape(h.parameter.shape)} (${h.operation})`);
  const more = hidden.length > SHOWN ? ` and ${hidden.length - SHOWN} more` : '';
  return (
    `${shown.join(', ')}${more}\n` +
    '  hint: #private fields and closures are invisible from outside; keep modules and parameters in fields, ' +
    'declared private if you like, or in lists, objects, Maps, or Sets inside them'
  );
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

const tensorsIn = (value: unknown): Tensor[] =>
  Array.from(placesIn({ value }, isTensor), (place) => place.value);

const looked = new WeakSet<AnyModule>();

/** Whether a top-level forward of the module has been checked. */
export const wasLookedAt = (module: AnyModule): boolean => looked.has(module);

/** Runs a forward that records a graph and warns about parameters in it that the module hides. */
export function lookingAt(module: AnyModule, inputs: readonly unknown[], forward: () => unknown): unknown {
  const since = nextSequence();
  const output = forward();
  const outputs = tensorsIn(output);
  if (outputs.some((tensor) => tensor.requiresGrad)) {
    looked.add(module);
    const known = new Set<Tensor>([...module.parameters(), ...tensorsIn(inputs)]);
    const hidden = hiddenParameters(outputs, (one) => known.has(one) || isOptimized(one), since);
    if (hidden.length > 0)
      warnOnce(
        module.constructor.name,
        `its forward uses parameters missing from parameters() and stateDict(), so they aren't trained ` +
          `or saved: ${describeHidden(hidden)}`,
      );
  }
  return output;
}
