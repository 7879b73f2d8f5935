import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { plural } from '../core/describe.js';
import { textTable } from '../core/text-table.js';
import { type Recipe, recipes } from '../recipes/index.js';
import {
  type Dimension,
  type Parameters,
  type ParameterValue,
  RunFolder,
  type SearchOptions,
  type SearchResult,
  search,
  TrialFile,
  type TrialRecord,
} from '../train/index.js';
import { directionOf } from '../train/monitor.js';
import { parallelCoordinates } from '../viz/index.js';
import { exitCode, UsageError } from './failure.js';
import { onInterrupt } from './interrupt.js';
import { type EngineFlags, kebab } from './options.js';
import { savePicture } from './pictures.js';
import { parseRange, searchDefault } from './ranges.js';
import { newFolder } from './run.js';
import { runTrial } from './trial.js';

/** Options of a search as they come from the command line, next to the recipe's ranges as text. */
export interface SearchFlags extends EngineFlags {
  readonly data?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly quiet?: boolean;
  readonly trials?: number;
  readonly method?: NonNullable<SearchOptions['method']>;
  readonly gridPoints?: number;
  readonly workers?: number;
  readonly metric?: string;
  readonly [option: string]: unknown;
}

/** Whether a recipe has validation data by which its runs can be compared. */
export const isSearchable = ({ options }: Recipe): boolean => 'validation' in options;

const shown = (value: ParameterValue): string =>
  typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(3) : String(value);

/** A measured value, readable even if it's far from 1. */
const measured = (value: number): string =>
  value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 1e4)
    ? value.toFixed(4)
    : value.toExponential(3).replace('e+', 'e');

const parametersText = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${kebab(name)} ${shown(value)}`)
    .join('  ');

const flagsText = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(
      ([name, value]) =>
        `--${kebab(name)} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`,
    )
    .join(' ');

/** Splits the recipe's options into those that all trials share and those to search. */
function spaceOf(
  recipe: Recipe,
  texts: Readonly<Record<string, unknown>>,
): { fixed: Record<string, ParameterValue>; space: Record<string, Dimension> } {
  const fixed: Record<string, ParameterValue> = {};
  const free: Record<string, Dimension> = {};
  const conditional: Record<string, Dimension> = {};
  for (const [name, spec] of Object.entries(recipe.options)) {
    const text = texts[name];
    if (typeof text !== 'string') continue;
    const range = parseRange(text, spec, recipe.options);
    if ('fixed' in range) fixed[name] = range.fixed;
    else if (range.dimension.condition) conditional[name] = range.dimension;
    else free[name] = range.dimension;
  }
  const space = { ...free, ...conditional };
  if (Object.keys(space).length === 0)
    throw new UsageError(
      `nothing to search: give a range, for example --lr log:1e-4..1e-1 (myelin search ${recipe.name} --help)`,
    );
  fixed.validation ??= searchDefault('validation', recipe.options.validation!).default;
  return { fixed, space };
}

/** Best trials first, with a column for each parameter. */
function trialTable(
  trials: readonly TrialRecord[],
  names: readonly string[],
  metric: string,
  sign: number,
): string[] {
  const rows = [...trials]
    .sort(
      (a, b) => sign * ((b.value ?? -sign * Infinity) - (a.value ?? -sign * Infinity)) || a.trial - b.trial,
    )
    .slice(0, 10)
    .map(({ trial, parameters, budget, value, error, seconds }) => [
      String(trial),
      ...names.map((name) => (parameters[name] === undefined ? '–' : shown(parameters[name]))),
      ...(budget === undefined ? [] : [String(budget)]),
      value === undefined ? `failed: ${error?.split('\n')[0]}` : measured(value),
      seconds.toFixed(1),
    ]);
  const halving = trials.some(({ budget }) => budget !== undefined);
  const head = ['trial', ...names.map(kebab), ...(halving ? ['epochs'] : []), metric, 'seconds'];
  return textTable([head, ...rows], { left: 0 });
}

async function saveTrials(
  path: string,
  title: string,
  result: SearchResult,
  names: readonly string[],
  metric: string,
  direction: NonNullable<SearchOptions['direction']>,
  space: Readonly<Record<string, Dimension>>,
): Promise<void> {
  const { trials } = result;
  const hasValue = ({ value }: TrialRecord): boolean => value !== undefined && Number.isFinite(value);
  if (!trials.some(hasValue)) return;
  const figure = parallelCoordinates(
    [
      ...names.map((name) => ({
        name: kebab(name),
        log: space[name]!.log,
        values: trials.map(({ parameters }) => {
          const value = parameters[name];
          return typeof value === 'number' ? value : String(value ?? '–');
        }),
      })),
      { name: metric, values: trials.map((trial) => (hasValue(trial) ? trial.value! : 'failed')) },
    ],
    {
      title,
      color: trials.map(({ value }) => value ?? Number.NaN),
      best: direction === 'maximize' ? 'max' : 'min',
    },
  );
  await savePicture(figure, join(path, 'trials'));
}

/** Defaults of a search's flags. */
const DEFAULTS: Readonly<Record<string, string | number>> = {
  trials: 20,
  method: 'random',
  gridPoints: 5,
  metric: 'accuracy',
};

const KEPT = ['trials', 'method', 'gridPoints', 'metric', 'data'] as const;

/** The flags of this search: those given, or those of the resumed search. */
function resolveFlags(recipe: Recipe, flags: SearchFlags, earlier: RunFolder | undefined): SearchFlags {
  if (!earlier) return flags;
  if (earlier.config.recipe !== `search-${recipe.name}`)
    throw new UsageError(`${earlier.path} isn't a search of '${recipe.name}'`);
  const { recipe: _name, ...before } = earlier.config;
  const isRandom = (before.method ?? 'random') === 'random';
  for (const name of [...Object.keys(recipe.options), ...KEPT]) {
    const was = before[name] ?? DEFAULTS[name];
    const more = name === 'trials' && isRandom && Number(flags.trials) > Number(was);
    if (flags[name] === undefined || flags[name] === was || more) continue;
    throw new UsageError(
      `the resumed search has --${kebab(name)} ${was === undefined ? 'at its default' : String(was)}; it can't continue with ${String(flags[name])}` +
        (name === 'trials' ? `, ${isRandom ? 'only with more' : `only a random search takes more`}` : ''),
    );
  }
  const trials = flags.trials ?? before.trials;
  return { ...flags, ...before, ...(trials === undefined ? {} : { trials: trials as number }) };
}

/** `myelin search RECIPE`; returns the exit code. */
export async function searchCommand(recipe: Recipe, given: SearchFlags): Promise<number> {
  if (!isSearchable(recipe)) {
    const names = recipes.filter(isSearchable).map(({ name }) => name);
    throw new UsageError(
      `'${recipe.name}' has no validation data to choose by; recipes that do: ${names.join(', ')}`,
    );
  }
  if (given.resume !== undefined && given.out !== undefined)
    throw new UsageError('--resume continues in the folder of its search; drop --out');
  const earlier = given.resume === undefined ? undefined : RunFolder.open(given.resume);
  // Absolute, so that the search can be continued from any folder.
  const data = given.data === undefined ? {} : { data: resolve(given.data) };
  const flags = resolveFlags(recipe, { ...given, ...data }, earlier);
  const { fixed, space } = spaceOf(recipe, flags);
  const names = Object.keys(space);
  const { method = 'random', metric = 'accuracy', workers = cpus().length } = flags;
  const direction = directionOf(metric) === 'min' ? 'minimize' : 'maximize';
  const threads = flags.threads ?? Math.max(1, Math.floor(cpus().length / workers));
  const epochs = (fixed.epochs ?? recipe.options.epochs?.default ?? 1) as number;
  const folder = earlier ?? newFolder(`search-${recipe.name}`, configOf(recipe, flags), flags.out);
  folder.lock();
  if (earlier && flags.trials !== earlier.config.trials) earlier.reconfigure({ trials: flags.trials! });
  const say = (text: string): void => {
    if (!flags.quiet) console.log(text);
  };
  say(`search    ${recipe.title}, notes 2.7 and ${recipe.section}`);
  say(`by        ${metric} on validation data (${method}), ${plural(workers, 'trial')} at once`);
  say(`folder    ${folder.path}`);

  const abort = new AbortController();
  const unlisten = onInterrupt(() => abort.abort());
  const result = await search({
    space,
    method,
    direction,
    parallel: workers,
    maxBudget: epochs,
    ...(flags.trials === undefined ? {} : { trials: flags.trials }),
    ...(flags.gridPoints === undefined ? {} : { gridPoints: flags.gridPoints }),
    ...(fixed.seed === undefined ? {} : { seed: fixed.seed as number }),
    signal: abort.signal,
    store: new TrialFile(join(folder.path, 'trials.jsonl')),
    onTrial({ trial, parameters, value, error, seconds }, { done, of }) {
      const outcome =
        value === undefined ? `failed: ${error?.split('\n')[0]}` : `${metric} ${measured(value)}`;
      say(
        `${String(done).padStart(String(of).length)}/${of}  trial ${trial}  ${parametersText(parameters)}  ${outcome}  ${seconds.toFixed(1)} s`,
      );
    },
    async objective({ trial, parameters, budget, signal }) {
      const epochMetrics = await runTrial({
        recipe: recipe.name,
        options: { ...fixed, ...parameters, ...(budget === undefined ? {} : { epochs: budget }) },
        folder: join(folder.path, `trial-${String(trial).padStart(3, '0')}`),
        flags: [
          '--threads',
          String(threads),
          ...(flags.engine ? ['--engine', flags.engine] : []),
          ...(flags.data ? ['--data', flags.data] : []),
        ],
        signal,
      });
      const last = epochMetrics.at(-1) ?? {};
      if (last[metric] === undefined)
        throw new Error(
          `the run has no ${metric}; it has ${Object.keys(last).join(', ') || 'no validation'}`,
        );
      return last[metric];
    },
  });
  if (!result.complete) {
    console.log(
      `stopped after ${plural(result.trials.length, 'trial')}; continue with: myelin search ${recipe.name} --resume ${folder.path}`,
    );
    return exitCode.interrupted;
  }
  unlisten();
  if (!result.best) {
    const { error } = result.trials[0]!;
    throw new Error(
      result.trials.length === 1
        ? `the trial failed: ${error}`
        : `all ${result.trials.length} trials failed, the first with: ${error}`,
    );
  }
  await saveTrials(folder.path, `Search of ${recipe.name}`, result, names, metric, direction, space);
  folder.writeJson('result.json', { best: result.best });
  say('');
  for (const line of trialTable(result.trials, names, metric, direction === 'maximize' ? 1 : -1)) say(line);
  const { validation: _share, ...kept } = fixed;
  say(
    `\nto train it on all the data: myelin train ${recipe.name} ${flagsText({ ...kept, ...result.best.parameters })}`,
  );
  console.log(
    `best ${metric}: ${measured(result.best.value!)} (trial ${result.best.trial}: ${parametersText(result.best.parameters)})`,
  );
  return 0;
}

/** What resuming a search needs: the ranges as text and how to search them. */
const configOf = (recipe: Recipe, flags: SearchFlags): Record<string, string | number> =>
  Object.fromEntries(
    [...Object.keys(recipe.options), ...KEPT]
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name] as string | number]),
  );
