import type { Work } from './workload.js';

/** Times `count` repetitions, in seconds. */
export type Timer = (count: number) => Promise<number>;

const sampleSeconds = 0.03;
const warmupSeconds = 0.15;

export const timerOf =
  (work: Work): Timer =>
  async (count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const pending = work();
      if (pending instanceof Promise) await pending;
    }
    return (performance.now() - start) / 1000;
  };

/** How many repetitions make a sample; warms up on the way. */
async function calibrate(timer: Timer): Promise<number> {
  let count = 1;
  let spent = 0;
  for (;;) {
    const seconds = await timer(count);
    spent += seconds;
    const rate = count / Math.max(seconds, 1e-9);
    if (spent > warmupSeconds && seconds > sampleSeconds / 10)
      return Math.max(1, Math.round(rate * sampleSeconds));
    if (seconds < sampleSeconds) count *= 2;
  }
}

/** Until the other side's threads, which go on spinning for milliseconds after their last work, are asleep. */
const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;

/** Median seconds of one repetition of each, measured in turns. */
export async function alternate(
  ours: Timer,
  rival: Timer | null,
  samples = 15,
): Promise<{ ours: number; rival: number | null }> {
  const counts = [await calibrate(ours), rival ? await calibrate(rival) : 0];
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < samples; i++) {
    await idle();
    times[0].push((await ours(counts[0]!)) / counts[0]!);
    if (rival === null) continue;
    await idle();
    times[1].push((await rival(counts[1]!)) / counts[1]!);
  }
  return { ours: median(times[0]), rival: rival ? median(times[1]) : null };
}
