import { expect } from 'vitest';

/** `npm run test:memory` does the full 10,000 steps. */
const steps = Number(process.env.MYELIN_MEMORY_STEPS ?? 600);
const settled = Math.min(1000, Math.floor(steps / 3));

/** Watches the resident memory of this process over the steps of a loop. */
class Watch {
  #settled = 0;
  #peak = 0;

  after(step: number): void {
    if (step < settled || step % 10 !== 0) return;
    const resident = process.memoryUsage.rss() / 2 ** 20;
    if (this.#settled === 0) this.#settled = resident;
    this.#peak = Math.max(this.#peak, resident);
  }

  /** The peak after the loop has settled must stay below `ratio` times the memory at that point. */
  expectFlat(name: string, ratio: number): void {
    console.log(
      `${name}: ${this.#settled.toFixed(0)} MB after ${settled} steps, at most ${this.#peak.toFixed(0)} MB in ${steps}`,
    );
    expect(this.#peak).toBeLessThanOrEqual(ratio * this.#settled);
  }
}

/** Runs `step` over and over without a pause. */
export function expectFlatLoop(name: string, ratio: number, step: () => unknown): void {
  const watch = new Watch();
  for (let i = 0; i < steps; i++) {
    step();
    watch.after(i);
  }
  watch.expectFlat(name, ratio);
}

/** As `expectFlatLoop`, awaiting each step. */
export async function expectFlatAsyncLoop(
  name: string,
  ratio: number,
  step: () => Promise<unknown>,
): Promise<void> {
  const watch = new Watch();
  for (let i = 0; i < steps; i++) {
    await step();
    watch.after(i);
  }
  watch.expectFlat(name, ratio);
}

/** For a test of the full length. */
export const patient = { timeout: 1_200_000 };
