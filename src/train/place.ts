import { plural, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, nullable, number, whole } from '../core/options.js';
import type { State } from './state.js';

const counter = whole(0, { least: 0 });

/** What the state of a place holds. */
const spec = {
  epoch: counter,
  batchInEpoch: counter,
  batchesPerEpoch: counter,
  examplesInEpoch: counter,
  accumulate: whole(1, { least: 1 }),
  step: counter,
  best: nullable(number(0, { infinite: true }), null),
  bestEpoch: counter,
};

type Numbers = { readonly [K in keyof typeof spec]: K extends 'best' ? number | null : number };

/** Where a training is. */
export class Place {
  /** Completed epochs. */
  epoch = 0;
  /** Batches seen in this epoch, all of them part of completed steps. */
  batchInEpoch = 0;
  /** Batches in the epoch. */
  batchesPerEpoch = 0;
  /** Examples in the batches seen. */
  examplesInEpoch = 0;
  /** Batches per step in this epoch. */
  accumulate = 1;
  /** Steps taken in all. */
  step = 0;
  /** The best validation value, and its epoch; null and 0 before the first. */
  best: number | null = null;
  bestEpoch = 0;

  /** Begins an epoch. */
  begin(batches: number, accumulate: number): void {
    this.batchInEpoch = 0;
    this.examplesInEpoch = 0;
    this.batchesPerEpoch = batches;
    this.accumulate = accumulate;
  }

  /** @throws ArgumentError if the open epoch began with other batches or steps */
  requireSame(batches: number, accumulate: number): void {
    if (this.batchInEpoch === 0) return;
    const problem =
      batches !== this.batchesPerEpoch
        ? `the epoch began with ${plural(this.batchesPerEpoch, 'batch', 'batches')}, and now there are ${batches}`
        : accumulate !== this.accumulate
          ? `the epoch began with accumulate ${this.accumulate}, and now it's ${accumulate}`
          : undefined;
    if (problem !== undefined)
      throw new ArgumentError(
        'fit',
        `the training resumes after batch ${this.batchInEpoch} of an epoch, but ${problem}\n  hint: use the same batch size and accumulate as before`,
      );
  }

  state(): Numbers {
    const { epoch, batchInEpoch, batchesPerEpoch, examplesInEpoch, accumulate, step, best, bestEpoch } = this;
    return { epoch, batchInEpoch, batchesPerEpoch, examplesInEpoch, accumulate, step, best, bestEpoch };
  }

  /** Checks a state; returns a function that applies it. @throws ArgumentError if no training can be in that state */
  read(state: State): () => void {
    const s = state as Partial<Numbers> | null;
    if (s?.epoch === undefined || s.batchInEpoch === undefined || s.step === undefined)
      throw new ArgumentError('loadState', `this isn't a trainer's state${slip(state)}`);
    for (const [name, option] of Object.entries(spec))
      checkOption('loadState', name, option, s[name as keyof Numbers]);
    const numbers = Object.fromEntries(
      Object.keys(spec).map((name) => [name, s[name as keyof Numbers]]),
    ) as Numbers;
    const problem = contradiction(numbers);
    if (problem !== undefined) throw new ArgumentError('loadState', problem);
    return () => {
      Object.assign(this, numbers);
    };
  }
}

/** Which of these numbers contradict each other. */
function contradiction(numbers: Numbers): string | undefined {
  const { epoch, batchInEpoch, batchesPerEpoch, accumulate, step, best, bestEpoch } = numbers;
  if (batchInEpoch > batchesPerEpoch)
    return `batchInEpoch ${batchInEpoch} is beyond the ${plural(batchesPerEpoch, 'batch', 'batches')} of the epoch`;
  if (batchInEpoch % accumulate !== 0 && batchInEpoch < batchesPerEpoch)
    return `batchInEpoch ${batchInEpoch} isn't the last of ${accumulate} that make a step`;
  if (step < Math.ceil(batchInEpoch / accumulate))
    return `step ${step} is too few for batch ${batchInEpoch} of an epoch`;
  if (bestEpoch > epoch) return `bestEpoch ${bestEpoch} is beyond the ${plural(epoch, 'epoch')} done`;
  if ((best === null) !== (bestEpoch === 0)) return `best is ${best}, but bestEpoch is ${bestEpoch}`;
  return undefined;
}
