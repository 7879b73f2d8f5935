import { describe } from '../../core/describe.js';
import { ArgumentError, IndexError } from '../../core/errors.js';

/** The largest number that a token may have: tables grow with it. */
export const largestId = 2 ** 24 - 1;

/** Tokens and their numbers; numbers may be left out. */
export class Vocabulary {
  readonly #tokens: (string | undefined)[] = [];
  readonly #ids = new Map<string, number>();

  constructor(entries: Iterable<readonly [token: string, id: number]>) {
    for (const [token, id] of entries) {
      this.#ids.set(token, id);
      this.#tokens[id] = token;
    }
  }

  /** One more than the largest number: the rows that an embedding of these tokens needs. */
  get size(): number {
    return this.#tokens.length;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  tokenOf(id: number): string | undefined {
    return this.#tokens[id];
  }

  /** @throws ArgumentError if there's no such token */
  need(operation: string, name: string, token: string): number {
    const id = this.#ids.get(token);
    if (id === undefined)
      throw new ArgumentError(operation, `${name} ${describe(token)} isn't in the vocabulary`);
    return id;
  }

  /** @throws IndexError unless each number is a token's */
  check(operation: string, ids: ArrayLike<number>): void {
    for (let i = 0; i < ids.length; i++)
      if (this.#tokens[ids[i]!] === undefined)
        throw new IndexError(
          operation,
          `ids[${i}] is ${describe(ids[i])}, which isn't a token's number; they go from 0 to ${this.size - 1}`,
        );
  }

  /** Tokens with their numbers, in the order of the numbers. */
  *entries(): Generator<[token: string, id: number]> {
    for (const [id, token] of this.#tokens.entries()) if (token !== undefined) yield [token, id];
  }
}
