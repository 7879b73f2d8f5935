import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { membersOf, type State } from './state.js';

function readNumbers(
  name: string,
  state: State | undefined,
  accepts: (value: number) => boolean,
): Map<string, number> {
  const entries = Object.entries(membersOf(name, state));
  for (const [key, value] of entries)
    if (typeof value !== 'number' || !accepts(value))
      throw new ArgumentError('loadState', `${name}.${key} isn't a valid number: ${describe(value)}`);
  return new Map(entries as [string, number][]);
}

/** Running means of named values, each weighted by the sizes of the batches that have it. */
export class WeightedMeans {
  #sums = new Map<string, number>();
  #weights = new Map<string, number>();

  add(values: Readonly<Record<string, number>>, size: number): void {
    for (const [name, value] of Object.entries(values)) {
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * size);
      this.#weights.set(name, (this.#weights.get(name) ?? 0) + size);
    }
  }

  reset(): void {
    this.#sums.clear();
    this.#weights.clear();
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#weights.get(name)!]));
  }

  state(): { sums: Record<string, number>; weights: Record<string, number> } {
    return { sums: Object.fromEntries(this.#sums), weights: Object.fromEntries(this.#weights) };
  }

  /** @throws ArgumentError if it isn't a state of means */
  load(state: State | undefined): void {
    const { sums, weights } = membersOf('means', state);
    const [newSums, newWeights] = [
      readNumbers('means.sums', sums, () => true),
      readNumbers('means.weights', weights, (weight) => Number.isSafeInteger(weight) && weight >= 0),
    ];
    if ([...newSums.keys()].join() !== [...newWeights.keys()].join())
      throw new ArgumentError('loadState', 'means.sums and means.weights have different names');
    this.#sums = newSums;
    this.#weights = newWeights;
  }
}
