import { basename, join } from 'node:path';
import { percent } from '../core/percent.js';
import { noGrad } from '../index.js';
import { titlesOf } from '../recipes/kit/pictures.js';
import { inspection } from '../vision/index.js';
import { UsageError } from './failure.js';
import { chooseImage } from './images.js';
import type { EngineFlags } from './options.js';
import { savePicture } from './pictures.js';
import { lastState, networkOf, openRun } from './run.js';

export interface InspectFlags extends EngineFlags {
  readonly data?: string;
  /** Name of the class to explain. */
  readonly class?: string;
  readonly layer?: string;
  /** Path of the pictures, without an extension. */
  readonly out?: string;
  /** Whether to invert light and dark. */
  readonly invert?: boolean;
  readonly quiet?: boolean;
}

/** `myelin inspect CHECKPOINT IMAGE`; returns the exit code. */
export async function inspect(path: string, of: string, flags: InspectFlags): Promise<number> {
  const run = await openRun('inspect', path, flags, lastState);
  const { folder, recipe, experiment, options, say } = run;
  const { title, subtitle } = titlesOf(recipe, experiment);
  const network = networkOf(run);
  const { model, classes, toInput } = network;
  const target = flags.class === undefined ? undefined : classes.indexOf(flags.class);
  if (target === -1)
    throw new UsageError(`there's no class '${flags.class}'; the classes are ${classes.join(', ')}`);
  const { image, name, label } = await chooseImage(network, of, flags.invert === true);
  const x = toInput(image);
  const figure = await inspection(model, x.squeeze(0), {
    subtitle,
    title: `${title}: ${of.startsWith('test:') ? of : basename(of)}`,
    classes,
    target,
    layer: flags.layer,
    seed: options.seed,
  });
  const out = flags.out ?? join(folder.path, `inspect-${name}`);
  say('picture', (await savePicture(figure, out)).join(', '));
  model.eval();
  const chances = await noGrad(() => model.forward(x).softmax(1)).data();
  const best = chances.indexOf(Math.max(...chances) as never);
  console.log(
    `class: ${classes[best]} (${percent(Number(chances[best]))})${label === undefined ? '' : `, labeled ${classes[label]}`}`,
  );
  return 0;
}
