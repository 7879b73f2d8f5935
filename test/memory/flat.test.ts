import { afterAll, describe, expect, test } from 'vitest';
import { type EngineName, setEngine, tidy } from '../../src/index.js';
import { testEngines } from '../engines.js';
import { lenetStep } from './lenet.js';

/** `npm run test:memory` does the full 10,000 steps. */
const steps = Number(process.env.MYELIN_MEMORY_STEPS ?? 600);
const settled = Math.floor(steps / 10) >= 1000 ? 1000 : Math.floor(steps / 3);

interface Residence {
  /** Resident memory after `settled` steps, in MB. */
  readonly settled: number;
  /** The most after that. */
  readonly peak: number;
}

/** Watches resident memory over the steps. */
class Watch {
  #settled = 0;
  #peak = 0;

  after(step: number): void {
    if (step < settled || step % 10 !== 0) return;
    const resident = process.memoryUsage.rss() / 2 ** 20;
    if (step === settled) this.#settled = resident;
    this.#peak = Math.max(this.#peak, resident);
  }

  get result(): Residence {
    return { settled: this.#settled, peak: this.#peak };
  }
}

function synchronous(work: () => unknown): Residence {
  const watch = new Watch();
  for (let step = 0; step < steps; step++) {
    work();
    watch.after(step);
  }
  return watch.result;
}

async function awaiting(work: () => { item(): Promise<number> }): Promise<Residence> {
  const watch = new Watch();
  for (let step = 0; step < steps; step++) {
    await work().item();
    watch.after(step);
  }
  return watch.result;
}

const report = (name: string, { settled: at, peak }: Residence): void =>
  console.log(
    `${name}: ${at.toFixed(0)} MB after ${settled} steps, at most ${peak.toFixed(0)} MB in ${steps}`,
  );

const has = (engine: EngineName): boolean => testEngines.includes(engine);

describe('memory of a training loop stays flat', () => {
  afterAll(() => setEngine(testEngines[0]!));

  test.runIf(has('native'))('native: synchronous, nothing disposed', { timeout: 600_000 }, () => {
    const resident = synchronous(lenetStep('native'));
    report('native, synchronous', resident);
    expect(resident.peak).toBeLessThanOrEqual(1.3 * resident.settled);
  });

  test.runIf(has('native'))('native: in tidy', { timeout: 600_000 }, () => {
    const step = lenetStep('native');
    const resident = synchronous(() => tidy(() => void step()));
    report('native, tidy', resident);
    expect(resident.peak).toBeLessThanOrEqual(1.05 * resident.settled);
  });

  test.runIf(has('wasm'))('wasm: one await a step', { timeout: 1_200_000 }, async () => {
    const resident = await awaiting(lenetStep('wasm'));
    report('wasm, one await a step', resident);
    expect(resident.peak).toBeLessThanOrEqual(1.3 * resident.settled);
  });

  test.runIf(has('wasm'))('wasm: in tidy, synchronous', { timeout: 1_200_000 }, () => {
    const step = lenetStep('wasm');
    const resident = synchronous(() => tidy(() => void step()));
    report('wasm, tidy', resident);
    expect(resident.peak).toBeLessThanOrEqual(1.05 * resident.settled);
  });
});
