import { basename, join, parse } from 'node:path';
import { noGrad, type Tensor } from '../index.js';
import type { ImageNetwork } from '../recipes/index.js';
import { RunFolder } from '../train/index.js';
import { inspection, readImage, transforms } from '../vision/index.js';
import { saveFigure } from '../viz/index.js';
import { UsageError } from './failure.js';
import { type EngineFlags, recipeNamed, resolveOptions, useEngine } from './options.js';
import { lastState, sayUnless } from './run.js';

export interface InspectFlags extends EngineFlags {
  readonly data?: string;
  /** Name of the class to explain. */
  readonly class?: string;
  readonly layer?: string;
  /** The pictures without their endings. */
  readonly out?: string;
  readonly quiet?: boolean;
}

/** An image as the recipe's data have them. */
interface Chosen {
  /** @shape (1, C, H, W) uint8 */
  readonly image: Tensor;
  /** What a picture of it is called. */
  readonly name: string;
  /** Its class, where that is known. */
  readonly label?: number;
}

/** Number n of the recipe's test images. */
async function testImage({ test }: ImageNetwork, text: string): Promise<Chosen> {
  const index = Number(text);
  if (text === '' || !Number.isInteger(index) || index < 0 || index >= test.length)
    throw new UsageError(
      `test:${text} is no image of the test data; they are test:0 to test:${test.length - 1}`,
    );
  const [image, label] = await test.get(index);
  return { image: image.unsqueeze(0), name: `test-${index}`, label };
}

/** The middle of a file's image, in the size of the recipe's. */
async function fileImage({ shape }: ImageNetwork, path: string): Promise<Chosen> {
  const [channels, height, width] = shape;
  const image = await readImage(path, { mode: channels === 1 ? 'L' : 'RGB' });
  const [h, w] = image.shape.slice(1) as [number, number];
  const scale = Math.max(height / h, width / w);
  const size = [Math.max(height, Math.round(h * scale)), Math.max(width, Math.round(w * scale))];
  const middle = transforms.centerCrop(transforms.resize(image, size), [height, width]);
  return { image: middle.unsqueeze(0), name: parse(path).name };
}

/** `myelin inspect CHECKPOINT IMAGE`; returns the exit code. */
export async function inspect(path: string, of: string, flags: InspectFlags): Promise<number> {
  useEngine(flags);
  const folder = RunFolder.open(path);
  const recipe = recipeNamed(String(folder.config.recipe));
  const say = sayUnless(flags.quiet);
  say('recipe', `${recipe.title}, notes ${recipe.section}`);
  const { data } = flags;
  const options = resolveOptions(recipe, data === undefined ? {} : { data }, folder.config);
  const experiment = await recipe.prepare({ options, say });
  const { network } = experiment;
  if (network === undefined) throw new UsageError(`'${recipe.name}' has no network for images to look into`);
  experiment.loadState(lastState('inspect', folder));
  say('run', `${folder.path}, after step ${experiment.step}`);

  const { model, classes, toInput } = network;
  const target = flags.class === undefined ? undefined : classes.indexOf(flags.class);
  if (target === -1)
    throw new UsageError(`there is no class '${flags.class}'; the classes are ${classes.join(', ')}`);
  const { image, name, label } = of.startsWith('test:')
    ? await testImage(network, of.slice('test:'.length))
    : await fileImage(network, of);
  const x = toInput(image);
  const figure = await inspection(model, x.squeeze(0), {
    title: `${recipe.title}: ${of.startsWith('test:') ? of : basename(of)}`,
    classes,
    target,
    layer: flags.layer,
    seed: options.seed,
  });
  const out = flags.out ?? join(folder.path, `inspect-${name}`);
  for (const ending of ['svg', 'png']) await saveFigure(figure, `${out}.${ending}`);
  say('picture', `${out}.svg, ${out}.png`);
  model.eval();
  const chances = await noGrad(() => model.forward(x).softmax(1)).data();
  const best = chances.indexOf(Math.max(...chances) as never);
  console.log(
    `class: ${classes[best]} (${(100 * Number(chances[best])).toFixed(1)} %)${label === undefined ? '' : `, labelled ${classes[label]}`}`,
  );
  return 0;
}
