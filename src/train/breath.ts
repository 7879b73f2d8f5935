import { host } from '#host';

/** Longest time without a look at the world outside, in milliseconds. */
const HOLD = 30;

/**
 * Lets waiting events run now and then. Awaiting an engine that answers at once never does: without a
 * breath a training would hear no Ctrl-C, write no line and free no memory before its end.
 */
export class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < HOLD) return;
    await host.turn();
    this.#last = performance.now();
  }
}
