import { plural } from '../core/describe.js';
import { engineInfo } from '../index.js';
import { type Experiment, prepare, type Recipe, reportLines } from '../recipes/index.js';
import { text } from '../recipes/kit/events.js';
import { confusionPicture, titlesOf } from '../recipes/kit/pictures.js';
import { conclude } from '../recipes/kit/run.js';
import { LAST, type Outcome, progressBar, RunFolder, recordRun } from '../train/index.js';
import { displayOf } from './display.js';
import { exitCode, UsageError } from './failure.js';
import { onInterrupt } from './interrupt.js';
import { resolveOptions, type TrainFlags, useEngine } from './options.js';
import { recorderOf } from './record.js';
import { lastState, newFolder, openRun } from './run.js';

/** `myelin train RECIPE`; returns the exit code. */
export async function train(recipe: Recipe, flags: TrainFlags): Promise<number> {
  if (flags.resume !== undefined && flags.out !== undefined)
    throw new UsageError('--resume continues in the folder of its run; drop --out');
  await useEngine(flags);
  const earlier = flags.resume === undefined ? undefined : RunFolder.open(flags.resume);
  if (earlier && earlier.config.recipe !== recipe.name)
    throw new UsageError(
      `${flags.resume} is a run of '${String(earlier.config.recipe)}', not '${recipe.name}'`,
    );
  const options = resolveOptions(recipe, flags, earlier?.config);
  const finishedEpochs = earlier && finishedBefore(earlier, options.epochs);

  const display = displayOf(flags);
  const tell = (label: string, line: string) => display.show(text(label, line));
  await tell('recipe', `${recipe.title}, notes ${recipe.section}`);
  const { name: engine, instructionSet, threads } = engineInfo();
  await tell('engine', `${engine} (${instructionSet}), ${plural(threads, 'thread')}`);

  let onEvent = display.show;
  const experiment = await prepare(recipe, options, {
    finishedEpochs,
    onEvent: (event) => onEvent(event),
  });
  const { data, ...own } = options;
  const folder = earlier ?? newFolder(recipe.name, { ...own, ...(data ? { data } : {}) }, flags.out);
  const { checkpointEvery } = flags;
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const record = recordRun(folder, {
    state: () => experiment.state(),
    ...(checkpointEvery ? { checkpointEvery } : {}),
  });
  const callbacks = flags.quiet || flags.json ? [record] : [progressBar(), record];
  const recorder = recorderOf({ folder, experiment, callbacks, stop });
  onEvent = async (event) => {
    await recorder.onEvent(event);
    await display.show(event);
  };
  if (earlier) await tell('resume', resume(earlier, experiment));
  if (earlier && finishedEpochs !== undefined) {
    // In this order: until the configuration has the additional epochs, the user can ask for them again.
    await earlier.saveCheckpoint(LAST, String(experiment.step), experiment.state());
    earlier.reconfigure({ epochs: options.epochs as number });
  }
  await tell('run', folder.path);

  const unlisten = onInterrupt(stop);
  let outcome: Outcome = 'failed';
  try {
    outcome = (await experiment.train(abort.signal)) ? 'finished' : 'stopped';
  } finally {
    await recorder.end(outcome);
  }
  if (outcome === 'stopped') {
    display.stopped(
      `after step ${experiment.step}; continue with: myelin train ${recipe.name} --resume ${folder.path}`,
    );
    return exitCode.interrupted;
  }
  unlisten();
  await conclude(recipe, experiment, { onEvent, history: folder.metrics(), test: flags.test });
  display.end();
  return 0;
}

/**
 * Epochs after which a run that now gets more had finished; undefined if it gets none.
 *
 * @throws UsageError if it isn't finished
 */
function finishedBefore(folder: RunFolder, epochs: unknown): number | undefined {
  const { epochs: before } = folder.config;
  if (typeof before !== 'number' || before === epochs) return undefined;
  const state = lastState('train', folder) as { readonly epoch?: unknown } | null;
  if (state?.epoch !== before)
    throw new UsageError(
      `the run has done ${state?.epoch} of ${before} epochs; finish it with myelin train --resume ${folder.path}, then give it more`,
    );
  return before;
}

/** Restores a training to where its run left off; says where that is. */
function resume(folder: RunFolder, experiment: Experiment): string {
  folder.resume(experiment);
  return experiment.step === 0
    ? "from the start; there's no checkpoint yet"
    : `after step ${experiment.step}`;
}

/** `myelin eval RUN`; returns the exit code. */
export async function evaluate(path: string, flags: TrainFlags): Promise<number> {
  const { recipe, experiment } = await openRun('eval', path, flags, lastState);
  const result = await experiment.evaluate();
  if (!flags.quiet) {
    for (const line of reportLines(result.report ?? [])) console.log(line);
    const picture = confusionPicture(titlesOf(recipe, experiment), result);
    if (picture)
      console.log(picture.toText({ columns: process.stdout.columns, color: process.stdout.isTTY }));
  }
  console.log(result.line);
  return 0;
}
