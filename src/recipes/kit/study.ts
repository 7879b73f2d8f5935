import { host } from '#host';
import { ArgumentError } from '../../core/errors.js';
import { manualSeed } from '../../index.js';
import type { State } from '../../train/state.js';
import type { RecipeResult } from './events.js';
import type { Experiment, Picture, RecipeContext } from './recipe.js';

/** What a part returns: numbers to record, and anything JSON can hold for the pictures. */
export interface PartResult {
  readonly numbers: Readonly<Record<string, number>>;
  readonly [key: string]: State;
}

/**
 * Reports the progress of a part, from 0 to 1, and lets waiting events run: await it now and then. When the study is
 * stopped, it throws, which ends the part.
 */
export type PartProgress = (share: number) => Promise<void>;

/** One training, or one experiment of another kind, among those to compare. */
export interface Part<R extends PartResult> {
  readonly name: string;
  /** @param before results of the parts before it */
  run(progress: PartProgress, before: readonly R[]): Promise<R>;
}

export interface StudyOptions<R extends PartResult> {
  readonly parts: readonly Part<R>[];
  /** Compares the results, in the order of the parts. */
  conclude(results: readonly R[]): RecipeResult | Promise<RecipeResult>;
  pictures?(results: readonly R[]): readonly Picture[] | Promise<readonly Picture[]>;
}

const isResult = (value: unknown): boolean => {
  const { numbers } = (value ?? {}) as { readonly numbers?: unknown };
  return (
    typeof numbers === 'object' &&
    numbers !== null &&
    Object.values(numbers).every((number) => typeof number === 'number')
  );
};

/**
 * An experiment that compares several small trainings. Every part starts from the same seed, so that
 * each depends on those before it only through their results: a stopped study resumes at the first part that isn't
 * done, and ends with the same numbers.
 */
export function study<R extends PartResult>(
  { options, emit }: RecipeContext<unknown>,
  { parts, conclude, pictures }: StudyOptions<R>,
): Experiment {
  const results: R[] = [];
  const finished = (): readonly R[] => {
    if (results.length < parts.length)
      throw new ArgumentError(
        'study',
        `only ${results.length} of ${parts.length} parts are done; resume the run first`,
      );
    return results;
  };
  return {
    async train(signal) {
      while (results.length < parts.length) {
        if (signal?.aborted) return false;
        const { name, run } = parts[results.length]!;
        const done = results.length;
        const place = { part: done + 1, parts: parts.length, name };
        const start = performance.now();
        manualSeed(options.seed);
        const progress = async (share: number): Promise<void> => {
          await emit({
            type: 'progress',
            share: (done + share) / parts.length,
            part: { ...place, share },
          });
          await host.turn();
          signal?.throwIfAborted();
        };
        try {
          const result = await run(progress, results);
          await progress(1);
          results.push(result);
        } catch (error) {
          if (signal?.aborted && error === signal.reason) return false;
          throw error;
        }
        await emit({
          type: 'part',
          ...place,
          seconds: (performance.now() - start) / 1000,
          numbers: results.at(-1)!.numbers,
        });
      }
      return true;
    },
    get step() {
      return results.length;
    },
    state: () => ({ parts: parts.map(({ name }) => name), results: [...results] }),
    loadState(state) {
      const saved = state as { readonly parts?: readonly string[]; readonly results: readonly R[] } | null;
      if (!Array.isArray(saved?.parts)) throw new ArgumentError('study', "this isn't the state of a study");
      if (saved.parts.join() !== parts.map(({ name }) => name).join())
        throw new ArgumentError(
          'study',
          `the run has the parts ${saved.parts.join(', ')}, not those of this recipe`,
        );
      if (
        !Array.isArray(saved.results) ||
        saved.results.length > parts.length ||
        !saved.results.every(isResult)
      )
        throw new ArgumentError('study', 'the state has no results of its parts');
      results.splice(0, results.length, ...saved.results);
    },
    evaluate: async () => conclude(finished()),
    ...(pictures ? { pictures: async () => pictures(finished()) } : {}),
  };
}
