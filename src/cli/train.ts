import { plural } from '../core/describe.js';
import { engineInfo } from '../index.js';
import type { Experiment, Recipe } from '../recipes/index.js';
import { LAST, progressBar, RunFolder, recordRun, type TrainerCallback } from '../train/index.js';
import type { State } from '../train/state.js';
import { exitCode, UsageError } from './failure.js';
import { onInterrupt } from './interrupt.js';
import { resolveOptions, type TrainFlags, useEngine } from './options.js';
import { confusionPicture, savePictures, terminal, titlesOf } from './pictures.js';
import { partDisplay, partLine } from './progress.js';
import { lastState, newFolder, openRun, sayUnless } from './run.js';

/** `myelin train RECIPE`; returns the exit code. */
export async function train(recipe: Recipe, flags: TrainFlags): Promise<number> {
  if (flags.resume !== undefined && flags.out !== undefined)
    throw new UsageError('--resume goes on in the folder of its run; leave --out away');
  await useEngine(flags);
  const earlier = flags.resume === undefined ? undefined : RunFolder.open(flags.resume);
  if (earlier && earlier.config.recipe !== recipe.name)
    throw new UsageError(
      `${flags.resume} is a run of '${String(earlier.config.recipe)}', not of '${recipe.name}'`,
    );
  const options = resolveOptions(recipe, flags, earlier?.config);
  const finishedEpochs = earlier && finishedBefore(earlier, options.epochs);

  const say = sayUnless(flags.quiet);
  say('recipe', `${recipe.title}, notes ${recipe.section}`);
  const { name: engine, instructionSet, threads } = engineInfo();
  say('engine', `${engine} (${instructionSet}), ${plural(threads, 'thread')}`);

  const callbacks: TrainerCallback[] = flags.quiet ? [] : [progressBar()];
  const experiment: Experiment = await recipe.prepare({
    options,
    ...(finishedEpochs === undefined ? {} : { finishedEpochs }),
    say,
    callbacks,
    ...(flags.quiet ? {} : partDisplay()),
    async onPart(report) {
      if (!flags.quiet) console.log(partLine(report));
      const { part, name, seconds, numbers } = report;
      folder.record({ step: part, part: name, seconds, ...numbers });
      await folder.saveCheckpoint(LAST, String(part), experiment.state());
    },
  });
  const { data, ...own } = options;
  const folder = earlier ?? newFolder(recipe.name, { ...own, ...(data ? { data } : {}) }, flags.out);
  const { checkpointEvery } = flags;
  const state = (): State => experiment.state();
  callbacks.push(recordRun(folder, { state, ...(checkpointEvery ? { checkpointEvery } : {}) }));
  if (earlier) resume(earlier, experiment, say);
  if (earlier && finishedEpochs !== undefined) {
    // In this order: until the configuration has them, the additional epochs can be asked for again.
    await earlier.saveCheckpoint(LAST, String(experiment.step), experiment.state());
    earlier.reconfigure({ epochs: options.epochs as number });
  }
  say('run', folder.path);

  const unlisten = onInterrupt(() => experiment.stop());
  if (!(await experiment.train())) {
    console.log(
      `stopped after step ${experiment.step}; go on with: myelin train ${recipe.name} --resume ${folder.path}`,
    );
    return exitCode.interrupted;
  }
  unlisten();
  const result = flags.test === false ? undefined : await experiment.evaluate();
  if (result) {
    folder.record({ step: experiment.step, test: result.numbers });
    folder.writeJson('result.json', result.numbers);
  }
  const more = result ? ((await experiment.pictures?.()) ?? []) : [];
  const pictures = await savePictures(folder, titlesOf(recipe, experiment), result, more);
  if (pictures.length > 0) say('pictures', pictures.join(', '));
  if (result === undefined) return 0;
  if (!flags.quiet) for (const line of result.report ?? []) console.log(line);
  console.log(result.line);
  return 0;
}

/**
 * Epochs after which a run was finished that now gets more; undefined if it gets none.
 *
 * @throws UsageError if it is not finished
 */
function finishedBefore(folder: RunFolder, epochs: unknown): number | undefined {
  const { epochs: before } = folder.config;
  if (typeof before !== 'number' || before === epochs) return undefined;
  const state = lastState('train', folder) as { readonly epoch?: unknown } | null;
  if (state?.epoch !== before)
    throw new UsageError(
      `the run has done ${state?.epoch} of ${before} epochs; let it end with myelin train --resume ${folder.path}, then give it more`,
    );
  return before;
}

function resume(folder: RunFolder, experiment: Experiment, say: (label: string, text: string) => void): void {
  folder.resume(experiment);
  say(
    'resume',
    experiment.step === 0 ? 'from the start; there is no checkpoint yet' : `after step ${experiment.step}`,
  );
}

/** `myelin eval RUN`; returns the exit code. */
export async function evaluate(path: string, flags: TrainFlags): Promise<number> {
  const { recipe, experiment } = await openRun('eval', path, flags, lastState);
  const result = await experiment.evaluate();
  if (!flags.quiet) {
    for (const line of result.report ?? []) console.log(line);
    const picture = confusionPicture(titlesOf(recipe, experiment), result);
    if (picture) console.log(picture.toText(terminal()));
  }
  console.log(result.line);
  return 0;
}
