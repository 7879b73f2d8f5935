import { answerHabits } from '../core/foreign-names.js';
import { containerHabits } from '../core/habits.js';
import type { Tensor } from '../tensor/tensor.js';
import { inOnePass } from './fuse.js';
import { held, itemAt, requireItem } from './module/contained.js';
import { type Layer, type Member, Module } from './module/module.js';
import { count } from './sizes.js';

/**
 * Modules applied one after another: y = fₙ(… f₂(f₁(x))).
 *
 * Takes the modules, or an object that names them; the names become keys in the state dict. A ReLU, Tanh, Sigmoid, or
 * GELU after a layer runs in that layer's own pass over memory, unless one of them has hooks.
 *
 * @example
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 */
export class Sequential extends Module {
  private readonly [held]: Map<string, Layer>;

  constructor(layers: Readonly<Record<string, Layer>>);
  constructor(...layers: Layer[]);
  constructor(...layers: (Layer | Readonly<Record<string, Layer>>)[]) {
    super();
    const [first] = layers;
    const entries: [string, Layer][] =
      typeof first === 'object' && !(first instanceof Module)
        ? Object.entries(first)
        : (layers as Layer[]).map((layer, i) => [String(i), layer]);
    this[held] = new Map(entries);
    for (const [name, layer] of this[held]) requireItem('Sequential', name, layer);
  }

  override *members(): Iterable<[string, Member]> {
    yield* this[held];
  }

  protected override replaceMembers(replace: (member: Member) => Member): void {
    for (const [name, layer] of this[held]) this[held].set(name, replace(layer) as Layer);
  }

  /** Number of layers. */
  get length(): number {
    return this[held].size;
  }

  /** The layer at an index, counting from the end if negative. */
  at(index: number): Layer {
    return itemAt('Sequential', 'layer', [...this], index);
  }

  /** The layers from `start` up to, but excluding, `end`, shared with this module. */
  slice(start?: number, end?: number): Sequential {
    if (start !== undefined) count('Sequential', 'start', start, -Infinity);
    if (end !== undefined) count('Sequential', 'end', end, -Infinity);
    return new Sequential(Object.fromEntries([...this[held]].slice(start, end)));
  }

  /** Adds a layer at the end. */
  append(layer: Layer): this {
    const name = String(this[held].size);
    this[held].set(name, requireItem('Sequential', name, layer));
    return this;
  }

  /** Replaces the layer at an index, for example to attach a new head: `model.set(-1, new nn.Linear(512, 3))`. */
  set(index: number, layer: Layer): this {
    this.at(index);
    this[held].set([...this[held].keys()].at(index)!, requireItem('Sequential', index, layer));
    return this;
  }

  [Symbol.iterator](): Iterator<Layer> {
    return this[held].values();
  }

  /** Applies the layers one after another. */
  override forward(x: Tensor): Tensor {
    let y = x;
    const layers = [...this[held].values()];
    for (let i = 0; i < layers.length; i++) {
      const [layer, next] = [layers[i]!, layers[i + 1]];
      const both = next === undefined ? null : inOnePass(layer, y, null, next);
      if (both !== null) i++;
      y = both ?? layer.forward(y);
    }
    return y;
  }
}

answerHabits(Sequential.prototype, containerHabits);
