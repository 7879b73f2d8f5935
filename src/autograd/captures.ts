import type { Tensor } from '../tensor/tensor.js';
import type { Node } from './node.js';

/** The gradients that `grad()` asks for: of leaves, and of results by node and index. */
export class Captures {
  readonly #leaves = new Map<Tensor, Tensor | null>();
  readonly #results = new Map<Node, Map<number, Tensor | null>>();

  constructor(inputs: readonly Tensor[]) {
    for (const x of inputs) {
      if (x.gradFn === null) this.#leaves.set(x, null);
      else {
        const node = x.gradFn as Node;
        if (!this.#results.has(node)) this.#results.set(node, new Map());
        this.#results.get(node)!.set(x.gradIndex, null);
      }
    }
  }

  wantsLeaf(leaf: Tensor): boolean {
    return this.#leaves.has(leaf);
  }

  wantsResult(node: Node, index: number): boolean {
    return this.#results.get(node)?.has(index) ?? false;
  }

  setLeaf(leaf: Tensor, grad: Tensor): void {
    this.#leaves.set(leaf, grad);
  }

  setResult(node: Node, index: number, grad: Tensor): void {
    this.#results.get(node)!.set(index, grad);
  }

  get(x: Tensor): Tensor | null {
    const found =
      x.gradFn === null ? this.#leaves.get(x) : this.#results.get(x.gradFn as Node)?.get(x.gradIndex);
    return found ?? null;
  }
}
