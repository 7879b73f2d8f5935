import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { defaultGenerator, Generator } from '../core/random.js';
import { Tensor } from '../index.js';
import { elementsNow } from '../tensor/inspect.js';
import { bytesTensor, type State } from './state.js';

/** The positions of several streams of random numbers. */
export type Positions = readonly Uint8Array[];

const RELOAD = 'load the state from its file, or call setEngine with another engine before you load it';

/** All random numbers of a training: from the default generator and from its extra generators. */
export class RandomStreams {
  readonly #generators: readonly Generator[];
  readonly #mark: readonly Uint32Array[];

  constructor(own: readonly Generator[] = []) {
    this.#generators = [defaultGenerator, ...own];
    this.#mark = this.#generators.map(({ state }) => state.slice());
  }

  /** Remembers the position for `rewind`, at almost no cost. */
  mark(): void {
    this.#generators.forEach(({ state }, i) => {
      this.#mark[i]!.set(state);
    });
  }

  /** Goes back to the position of the last `mark`. */
  rewind(): void {
    this.#generators.forEach(({ state }, i) => {
      state.set(this.#mark[i]!);
    });
  }

  positions(): Positions {
    return this.#generators.map((generator) => generator.getState());
  }

  restore(positions: Positions): void {
    this.#generators.forEach((generator, i) => {
      generator.setState(positions[i]!);
    });
  }

  /** Positions as a checkpoint stores them. */
  static toState = (positions: Positions): State => positions.map(bytesTensor);

  /** @throws ArgumentError if they're for another number of generators, or aren't positions */
  fromState(state: State | undefined): Positions {
    if (!Array.isArray(state) || state.length !== this.#generators.length)
      throw new ArgumentError(
        'loadState',
        `the state has ${Array.isArray(state) ? Math.max(state.length - 1, 0) : 'no'} extra generators, but ` +
          `this trainer has ${this.#generators.length - 1}`,
      );
    return state.map((bytes: State) => {
      if (!(bytes instanceof Tensor && bytes.dtype === 'uint8'))
        throw new ArgumentError(
          'loadState',
          `the position of a random generator must be a tensor of bytes, got ${describe(bytes)}`,
        );
      const position = elementsNow('loadState', bytes, RELOAD) as Uint8Array;
      new Generator().setState(position);
      return position;
    });
  }
}
