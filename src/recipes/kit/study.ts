import { host } from '#host';
import { ArgumentError } from '../../core/errors.js';
import { manualSeed } from '../../index.js';
import type { State } from '../../train/state.js';
import type { Experiment, Picture, RecipeContext, RecipeResult } from './recipe.js';

/** What a part has to say: numbers to record, and anything JSON holds for the pictures. */
export interface PartResult {
  readonly numbers: Readonly<Record<string, number>>;
  readonly [key: string]: State;
}

export interface PartControl {
  /** Fires when the study is stopped: the part shall end soon, its result is then not used. */
  readonly signal: AbortSignal;
  /**
   * Says how far the part is, from 0 to 1, and lets waiting events run: to be awaited now and then. When
   * the study was stopped it throws the signal's reason, which ends the part.
   */
  progress(share: number): Promise<void>;
}

/** One training, or one experiment of another kind, among those that are compared. */
export interface Part<R extends PartResult> {
  readonly name: string;
  /** @param before results of the parts before it */
  run(control: PartControl, before: readonly R[]): Promise<R>;
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
 * none depends on those before it but through their results: a stopped study resumes at the first part that is not
 * done, and ends with the same numbers.
 */
export function study<R extends PartResult>(
  { options, onPart, onProgress }: RecipeContext<unknown>,
  { parts, conclude, pictures }: StudyOptions<R>,
): Experiment {
  const results: R[] = [];
  let abort = new AbortController();
  const finished = (): readonly R[] => {
    if (results.length < parts.length)
      throw new ArgumentError(
        'study',
        `only ${results.length} of ${parts.length} parts are done; resume the run first`,
      );
    return results;
  };
  return {
    async train() {
      abort = new AbortController();
      const { signal } = abort;
      while (results.length < parts.length) {
        const { name, run } = parts[results.length]!;
        const part = { part: results.length + 1, parts: parts.length, name };
        const start = performance.now();
        manualSeed(options.seed);
        const progress = async (share: number): Promise<void> => {
          onProgress?.(part, share);
          await host.turn();
          signal.throwIfAborted();
        };
        try {
          const result = await run({ signal, progress }, results);
          await progress(1);
          results.push(result);
        } catch (error) {
          if (signal.aborted && error === signal.reason) return false;
          throw error;
        }
        await onPart?.({
          ...part,
          seconds: (performance.now() - start) / 1000,
          numbers: results.at(-1)!.numbers,
        });
      }
      return true;
    },
    stop: () => abort.abort(),
    get step() {
      return results.length;
    },
    state: () => ({ parts: parts.map(({ name }) => name), results: [...results] }),
    loadState(state) {
      const saved = state as { readonly parts?: readonly string[]; readonly results: readonly R[] } | null;
      if (!Array.isArray(saved?.parts)) throw new ArgumentError('study', 'this is no state of a study');
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
