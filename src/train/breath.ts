import { host } from '#host';

/** Longest time without letting events run, in milliseconds. */
const HOLD = 30;

/**
 * Lets waiting events run now and then. Awaiting an engine that answers at once never does: without this,
 * a training would ignore Ctrl-C, print nothing, and free no memory until its end.
 */
export class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < HOLD) return;
    await host.turn();
    this.#last = performance.now();
  }
}
