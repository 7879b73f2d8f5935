import { requireList } from '../../core/arguments.js';
import { Dataset, place } from '../../data/dataset.js';

/** Examples in a list. */
export class Items<T> extends Dataset<T> {
  constructor(
    /** All examples. */
    readonly items: readonly T[],
  ) {
    super();
    requireList(new.target.name, 'items', items);
  }

  /** Number of examples. */
  override get length(): number {
    return this.items.length;
  }

  override get(index: number): T {
    return this.items[place(this.constructor.name, index, this.length)]!;
  }
}
