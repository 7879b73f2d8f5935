import { describe } from './describe.js';
import { ArgumentError } from './errors.js';
import { exact } from './exact.js';

const words = 624;

/** Places in a generator's state block; kernels/random/random.h reads and writes the same. */
const place = { used: 624, hasNormal: 625, normal: 626, length: 628 } as const;

/** Bytes of a saved state; the layout is that of PyTorch's CPU generator. */
const savedBytes = 5056;
const saved = { seed: 0, left: 8, seeded: 12, next: 16, words: 24, normal: 5024, hasNormal: 5040 } as const;

/** The seed of a generator that was given none, as in PyTorch. */
const defaultSeed = 67280421310721n;

/**
 * A stream of random numbers: the Mersenne twister mt19937, seeded and read as PyTorch's CPU
 * generator does, so that the same seed gives the same numbers.
 *
 * @source Matsumoto and Nishimura 1998, doi:10.1145/272991.272995
 * @example
 * const generator = new Generator().manualSeed(1);
 * randn([2, 3], { generator });
 */
export class Generator {
  /** The state that kernels advance: the twister's words, how many are used up, a kept normal sample. */
  readonly state: Uint32Array = new Uint32Array(place.length);
  #seed = 0n;

  constructor(seed: number | bigint = defaultSeed) {
    this.manualSeed(seed);
  }

  /**
   * Starts the stream of a seed.
   *
   * @throws ArgumentError unless the seed is a whole number
   */
  manualSeed(seed: number | bigint): this {
    if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed))
      throw new ArgumentError('manualSeed', `the seed must be a whole number, got ${describe(seed)}`);
    this.#seed = BigInt.asUintN(64, BigInt(seed));
    const state = this.state;
    state.fill(0);
    state[0] = Number(BigInt.asUintN(32, this.#seed));
    for (let i = 1; i < words; i++) {
      const before = state[i - 1]!;
      state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    state[place.used] = words;
    return this;
  }

  /** Starts the stream of a seed that nobody chose; returns it. */
  seed(): number {
    const seed = Math.floor(Math.random() * 2 ** 52);
    this.manualSeed(seed);
    return seed;
  }

  /** The seed that the stream was started with. */
  initialSeed(): bigint {
    return this.#seed;
  }

  /** Where the stream stands, as 5056 bytes that `torch.Generator.set_state` understands too. */
  getState(): Uint8Array {
    const bytes = new Uint8Array(savedBytes);
    const view = new DataView(bytes.buffer);
    const used = this.state[place.used]!;
    const untouched = used === words && this.#isFresh();
    view.setBigUint64(saved.seed, this.#seed, true);
    view.setInt32(saved.left, untouched ? 1 : words + 1 - used, true);
    view.setInt32(saved.seeded, 1, true);
    view.setBigUint64(saved.next, BigInt(untouched ? 0 : used), true);
    for (let i = 0; i < words; i++) view.setBigUint64(saved.words + 8 * i, BigInt(this.state[i]!), true);
    if (this.state[place.hasNormal]) {
      view.setUint32(saved.normal, this.state[place.normal]!, true);
      view.setUint32(saved.normal + 4, this.state[place.normal + 1]!, true);
      view.setInt32(saved.hasNormal, 1, true);
    }
    return bytes;
  }

  /**
   * Goes on from where `getState`, here or in PyTorch, left a stream.
   *
   * @throws ArgumentError if the bytes aren't such a state
   */
  setState(bytes: Uint8Array): this {
    if (!(bytes instanceof Uint8Array))
      throw new ArgumentError('setState', `a state is a Uint8Array, not ${describe(bytes)}`);
    if (bytes.length !== savedBytes)
      throw new ArgumentError('setState', `a state has ${savedBytes} bytes, this one has ${bytes.length}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const left = view.getInt32(saved.left, true);
    const next = Number(view.getBigUint64(saved.next, true));
    const used = left === 1 ? words : next;
    if (
      view.getInt32(saved.seeded, true) !== 1 ||
      next > words ||
      used + (left === 1 ? 1 : left) !== words + 1
    )
      throw new ArgumentError(
        'setState',
        `the bytes aren't a generator's state: ${left} words left, ${next} used`,
      );
    this.#seed = view.getBigUint64(saved.seed, true);
    this.state.fill(0);
    for (let i = 0; i < words; i++)
      this.state[i] = Number(BigInt.asUintN(32, view.getBigUint64(saved.words + 8 * i, true)));
    this.state[place.used] = used;
    if (view.getInt32(saved.hasNormal, true)) {
      this.state[place.hasNormal] = 1;
      this.state[place.normal] = view.getUint32(saved.normal, true);
      this.state[place.normal + 1] = view.getUint32(saved.normal + 4, true);
    }
    return this;
  }

  /** A generator at the same place of the same stream. */
  clone(): Generator {
    return new Generator().setState(this.getState());
  }

  /** Whether the words are the seed's own, none drawn yet. */
  #isFresh(): boolean {
    return this.state[0] === Number(BigInt.asUintN(32, this.#seed)) && this.state[1] === this.#second();
  }

  #second(): number {
    const first = this.state[0]!;
    return (Math.imul(1812433253, first ^ (first >>> 30)) + 1) >>> 0;
  }
}

/** The generator that functions use when none is given; until `manualSeed`, its seed is nobody's choice. */
export const defaultGenerator = new Generator();
defaultGenerator.seed();

/**
 * Starts the default generator's stream: the same seed gives the same numbers, those that PyTorch
 * gives for it on a CPU.
 */
export const manualSeed = exact(
  'manualSeed(seed)',
  (seed: number | bigint): Generator => defaultGenerator.manualSeed(seed),
);

/** The seed that the default generator was started with. */
export const initialSeed = exact('initialSeed()', (): bigint => defaultGenerator.initialSeed());

/** Where the default generator stands. */
export const getRngState = exact('getRngState()', (): Uint8Array => defaultGenerator.getState());

/** Puts the default generator where `getRngState` found it. */
export const setRngState = exact('setRngState(state)', (state: Uint8Array): void => {
  defaultGenerator.setState(state);
});
