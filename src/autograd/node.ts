import { AutogradError, formatShape } from '../core/errors.js';
import { disposedError } from '../engine/storage.js';
import type { GradFn, Hook, Tensor } from '../tensor/tensor.js';
import { mode } from './mode.js';

export type Grads = readonly (Tensor | null)[];

/** What a forward may keep for its backward. */
export interface Saver {
  /** Whether a backward may come, for a forward that does more if so. */
  readonly records: boolean;
  /** Keeps tensors, inputs or results, that backward will find in `saved`. */
  save(...tensors: Tensor[]): void;
}

/** What a backward sees. */
export interface BackwardContext<A> {
  readonly attrs: A;
  /** The tensors that forward saved, checked to be unchanged. */
  readonly saved: readonly Tensor[];
  /** Which inputs want a gradient. */
  readonly needs: readonly boolean[];
  /** Whether the gradient is itself to be differentiated. */
  readonly createGraph: boolean;
}

export interface Definition<A> {
  readonly name: string;
  /** Whether backward hands gradients to the user's code, which may keep them and allocate memory. */
  readonly showsGradients?: boolean | undefined;
  readonly backward?: ((ctx: BackwardContext<A>, grads: Grads) => Grads) | undefined;
  readonly attributes?: ((attrs: A) => unknown) | undefined;
}

/** What an operation records besides its operands: plain data with named fields. */
export const attributesOf = <A>({ attributes }: Definition<A>, attrs: A): unknown =>
  attributes === undefined ? attrs : attributes(attrs);

/** Where a gradient goes: a result of another node, or a leaf. */
export type Edge = { readonly node: Node; readonly index: number } | { readonly leaf: Tensor };

let sequence = 0;

/** The number of the operation that is recorded next. */
export const nextSequence = (): number => sequence;

/** A recorded operation: how to send a gradient from its results to its inputs. */
export class Node<A = unknown> implements GradFn, Saver {
  /** Grows with every recorded operation, so that inputs have smaller numbers than results. */
  readonly sequence = sequence++;
  readonly records = true;
  readonly needs: boolean[];
  readonly edges: (Edge | null)[];
  /** How many results there are. The node doesn't keep them: backward may not need them. */
  outputs = 0;
  /** Hooks of each result, or null. */
  hooks: (Hook[] | null)[] | null = null;
  #saved: Tensor[] | null = [];
  #versions: number[] = [];

  constructor(
    readonly definition: Definition<A>,
    readonly attrs: A,
    inputs: Grads,
  ) {
    this.needs = inputs.map((x) => x?.requiresGrad ?? false);
    this.edges = inputs.map((x, i) => (this.needs[i] ? edgeOf(x!) : null));
  }

  get name(): string {
    return this.definition.name;
  }

  save(...tensors: Tensor[]): void {
    if (!mode.saves) return;
    for (const tensor of tensors) {
      this.#saved!.push(tensor);
      this.#versions.push(tensor.storage.version);
    }
  }

  /** The saved tensors. @throws AutogradError if they are gone or were changed */
  unpack(): readonly Tensor[] {
    const saved = this.#saved;
    if (saved === null)
      throw new AutogradError(
        this.name,
        'backward a second time through the same graph, whose saved tensors are gone\n' +
          '  hint: pass { retainGraph: true } to the first backward',
      );
    for (let i = 0; i < saved.length; i++) {
      const tensor = saved[i]!;
      if (tensor.storage.disposedAt !== undefined)
        throw disposedError(this.name, 'a tensor saved for backward', tensor);
      if (tensor.storage.version !== this.#versions[i])
        throw new AutogradError(
          this.name,
          `a tensor saved for backward, ${tensor.dtype} ${formatShape(tensor.shape)}, was changed in place: ` +
            `version ${this.#versions[i]} was saved, it is now ${tensor.storage.version}\n` +
            '  hint: use the form that makes a new tensor, or clone() before the change',
        );
    }
    return saved;
  }

  /** Forgets the saved tensors. */
  free(): void {
    this.#saved = null;
  }
}

/** Where the gradient of a tensor goes. */
export function edgeOf(tensor: Tensor): Edge {
  if (tensor.gradFn !== null) return { node: tensor.gradFn as Node, index: tensor.gradIndex };
  return { leaf: tensor };
}
