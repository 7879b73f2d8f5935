import { isPlainObject } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { instance } from '../core/options.js';
import type { State } from './state.js';

/** Something with a state that a checkpoint stores. */
export interface Stateful {
  stateDict(): unknown;
  loadStateDict(state: never): unknown;
}

/** One, or several by name. */
export type OneOrNamed<T extends Stateful> = T | Readonly<Record<string, T>>;

/** One with a state, or several by name. */
export const oneOrNamed = <T extends Stateful>(wanted: string) =>
  instance(
    `${wanted}, or several by name`,
    (value): value is OneOrNamed<T> =>
      hasState(value) || (isPlainObject(value) && Object.values(value).every(hasState)),
  );

const hasState = (value: unknown): boolean => typeof (value as Stateful | null)?.stateDict === 'function';

const isOne = <T extends Stateful>(given: OneOrNamed<T>): given is T => typeof given.stateDict === 'function';

/** Models, optimizers, or schedulers of a training: one, or several by name. */
export class Members<T extends Stateful> {
  readonly #names: readonly string[] | null;
  readonly list: readonly T[];

  constructor(
    private readonly kind: string,
    given: OneOrNamed<T> | undefined,
  ) {
    const one = given === undefined || isOne(given);
    this.#names = one ? null : Object.keys(given);
    this.list = given === undefined ? [] : one ? [given] : Object.values(given);
  }

  /** Each under its name; a single one has the name `''`. */
  entries(): [name: string, member: T][] {
    return this.list.map((member, i) => [this.#names?.[i] ?? '', member]);
  }

  /** The state of the one, or of each by name; empty if there are none. */
  state(): State | undefined {
    if (this.#names === null) return this.list[0]?.stateDict() as State | undefined;
    return Object.fromEntries(this.entries().map(([name, member]) => [name, member.stateDict() as State]));
  }

  /** @throws ArgumentError if the state belongs to others; and whatever a member throws for a wrong state */
  load(state: State | undefined): void {
    if (this.list.length === 0 && state === undefined) return;
    const wrong = (found: string): ArgumentError =>
      new ArgumentError('loadState', `the state has ${found}, this trainer has ${this.#describe()}`);
    if (typeof state !== 'object' || state === null) throw wrong(`no ${this.kind}`);
    if (this.list.length === 0) throw wrong(`a ${this.kind}`);
    if (this.#names === null) {
      this.list[0]!.loadStateDict(state as never);
      return;
    }
    const found = Object.keys(state);
    if (found.length !== this.#names.length || this.#names.some((name) => !found.includes(name)))
      throw wrong(`${this.kind}s ${found.join(', ')}`);
    for (const [name, member] of this.entries())
      member.loadStateDict((state as Readonly<Record<string, unknown>>)[name] as never);
  }

  #describe(): string {
    if (this.#names !== null) return `${this.kind}s ${this.#names.join(', ')}`;
    return this.list.length === 0 ? `no ${this.kind}` : `one ${this.kind}`;
  }
}
