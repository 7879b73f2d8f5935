import type { Json } from './state.js';

/** Running means of named values, each weighted by the size of its batch. */
export class WeightedMeans {
  #sums = new Map<string, number>();
  #weight = 0;

  add(values: Readonly<Record<string, number>>, weight: number): void {
    for (const [name, value] of Object.entries(values))
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * weight);
    this.#weight += weight;
  }

  reset(): void {
    this.#sums.clear();
    this.#weight = 0;
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#weight]));
  }

  state(): { sums: Record<string, number>; weight: number } {
    return { sums: Object.fromEntries(this.#sums), weight: this.#weight };
  }

  load(state: { readonly [key: string]: Json }): void {
    this.#sums = new Map(Object.entries(state.sums as Record<string, number>));
    this.#weight = state.weight as number;
  }
}
