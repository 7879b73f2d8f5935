#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { host } from '#host';
import { cacheFolder } from '../data/index.js';
import { engineNames } from '../engine/engines.js';
import { engineInfo, type KernelBuild } from '../index.js';
import { chapterOf } from '../recipes/all.js';
import { recipes } from '../recipes/index.js';
import { Command, Option } from '../third-party/commander.js';
import { shortened } from '../viz/text/wrap.js';
import { completeArguments } from './arguments.js';
import { type AugmentFlags, augment } from './augment.js';
import { report, UsageError } from './failure.js';
import { type InspectFlags, inspect } from './inspect.js';
import { heedClosedOutput } from './interrupt.js';
import {
  addRecipeOptions,
  type EngineFlags,
  engineName,
  firstRecipe,
  pictureFile,
  type TrainFlags,
  useEngine,
  wholeNumber,
} from './options.js';
import { type PredictFlags, predict } from './predict.js';
import { addRanges, rangeHelp } from './ranges.js';
import { isSearchable, type SearchFlags, searchCommand } from './search.js';
import { evaluate, train } from './train.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

function list(): void {
  const width = Math.max(...recipes.map((recipe) => recipe.name.length));
  // Where lines would wrap, the columns could not be read any more.
  const { columns = Number.POSITIVE_INFINITY } = process.stdout;
  let chapter = '';
  for (const recipe of recipes) {
    if (chapterOf(recipe) !== chapter) {
      console.log(`${chapter === '' ? '' : '\n'}${chapterOf(recipe)}`);
      chapter = chapterOf(recipe);
    }
    const line = `  ${recipe.name.padEnd(width)}  ${recipe.section.padEnd(5)} ${recipe.title}`;
    console.log(shortened(line, columns));
  }
}

/** What was built and what was left out, with the command that builds it. */
function builtText({ built, missing }: KernelBuild): string {
  const there = built.join(', ') || 'none';
  return missing.length === 0
    ? there
    : `${there} (in a checkout, npm run build -- --all adds ${missing.join(', ')})`;
}

async function info(flags: EngineFlags): Promise<void> {
  await useEngine(flags);
  const { name, instructionSet, threads, kernels } = engineInfo();
  const { node, platform, processor, cores, memoryGiB } = host.description();
  const rows = {
    myelin: version,
    node: `${node}, ${platform}`,
    processor: `${processor}, ${cores} cores`,
    memory: `${memoryGiB} GiB`,
    engine: name,
    'instruction set': instructionSet,
    threads,
    'native kernels': builtText(kernels.native),
    'wasm modules': builtText(kernels.wasm),
    data: host.env('MYELIN_DATA') ?? '(MYELIN_DATA is not set)',
    cache: cacheFolder(),
  };
  for (const [label, value] of Object.entries(rows)) console.log(`${label.padEnd(16)} ${value}`);
}

/** Sets the exit code to what the command returns. */
const exitWith = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

const withEngine = (command: Command): Command =>
  command
    .option('--engine <name>', `${engineNames.join(', ')} (default: native where it was built)`, engineName)
    .option('--threads <n>', 'threads of the engine (default: one a core)', wholeNumber(1));

const program = new Command('myelin')
  .description('Deep learning for TypeScript: the networks of the notes, to run, see and change.')
  .version(version)
  .option('--debug', 'show where an error arose')
  .showHelpAfterError('(--help shows the options)')
  .exitOverride();

program.command('list').description('show the recipes, with their sections of the notes').action(list);

withEngine(program.command('info').description('show engine, processor and folders')).action(info);

const trainCommand = program
  .command('train')
  .description('train a recipe; the run leaves a folder behind')
  .argument('[recipe]', 'its name; with --help after it, what it shows and its options')
  .allowUnknownOption()
  .allowExcessArguments()
  .action((_name, _flags, command: Command) => void firstRecipe(command));

for (const recipe of recipes)
  withEngine(
    addRecipeOptions(
      trainCommand
        .command(recipe.name)
        .helpGroup(chapterOf(recipe))
        .allowExcessArguments(false)
        .summary(recipe.title)
        .description(`${recipe.title} (notes ${recipe.section})\n\n${recipe.about}`),
      recipe,
    )
      .option('--out <dir>', 'folder of the run (default: runs/RECIPE-TIME)')
      .option('--resume <dir>', 'go on with the run in this folder; the recipe may be left out')
      .option(
        '--checkpoint-every <n>',
        'steps between checkpoints, beside those after every epoch',
        wholeNumber(1),
      )
      .option('--no-test', 'leave the test data alone: for choosing between runs')
      .option('--quiet', 'show the result only')
      .addOption(new Option('--json', 'show everything as JSON, one event a line').conflicts('quiet')),
  ).action((flags: TrainFlags) => exitWith(train(recipe, flags)));

const searchParent = program
  .command('search')
  .description('look for the best hyper-parameters of a recipe')
  .argument('[recipe]', 'its name; with --help after it, what can be searched')
  .allowUnknownOption()
  .allowExcessArguments()
  .action((_name, _flags, command: Command) => exitWith(searchCommand(firstRecipe(command), {})));

for (const recipe of recipes.filter(isSearchable))
  withEngine(
    addRanges(searchParent.command(recipe.name).allowExcessArguments(false).summary(recipe.title), recipe)
      .description(`Look for the best hyper-parameters: ${recipe.title} (notes 2.7)`)
      .option('--trials <n>', 'trials to draw (default: 20)', wholeNumber(1))
      .addOption(
        new Option('--method <name>', 'how (default: random)').choices(['random', 'grid', 'halving']),
      )
      .option('--grid-points <n>', 'values of a range on the grid (default: 5)', wholeNumber(1))
      .option(
        '--workers <n>',
        'trials at once, each in a process of its own (default: one a core)',
        wholeNumber(1),
      )
      .option('--metric <name>', 'what to choose by, on validation data (default: accuracy)')
      .option('--out <dir>', 'folder of the search (default: runs/search-RECIPE-TIME)')
      .option('--resume <dir>', 'go on with the search in this folder; the recipe may be left out')
      .option('--quiet', 'show the best only')
      .addHelpText('after', `\n${rangeHelp}`),
  ).action((flags: SearchFlags) => exitWith(searchCommand(recipe, flags)));

withEngine(
  program
    .command('eval')
    .description('measure the model of a run on the test data')
    .argument('<run>', 'folder of the run; or a recipe, with --resume')
    .option('--resume <dir>', 'folder of the run')
    .option('--data <dir>', 'folder with the data (default: that of the run)')
    .option('--quiet', 'show the result only'),
).action((run: string, flags: TrainFlags) => {
  if (flags.resume === undefined && recipes.some((recipe) => recipe.name === run))
    throw new UsageError(`which run of '${run}'? give its folder: myelin eval runs/${run}-…`);
  return exitWith(evaluate(flags.resume ?? run, flags));
});

withEngine(
  program
    .command('predict')
    .description('tell what is on images, by the best checkpoint of a run that trained a network for images')
    .argument('<run>', 'folder of the run')
    .argument(
      '<images...>',
      'files, whose middle is taken in the size of the data; folders of images; or test:17, of the test data',
    )
    .option('--top <n>', 'classes to show of each image', wholeNumber(1), 3)
    .option('--invert', 'turn light and dark: for dark digits on light, where the data are light on dark')
    .option('--csv <file>', 'write the probabilities of all classes to this file')
    .option('--data <dir>', 'folder with the data (default: that of the run)')
    .option('--quiet', 'show the predictions only'),
).action((run: string, images: string[], flags: PredictFlags) => exitWith(predict(run, images, flags)));

program
  .command('augment')
  .description('draw what each transform of images makes of one')
  .argument('[image]', 'a file (PNG, JPEG, …); without it, a star that Myelin draws')
  .option('--out <file>', 'the picture, .png or .svg', pictureFile, 'augment.png')
  .option('--seed <n>', 'which random numbers', wholeNumber(0), 0)
  .action((image: string | undefined, flags: AugmentFlags) => augment(image, flags));

withEngine(
  program
    .command('inspect')
    .description('look into a network for images: where it looks, its filters, its maps, what excites it')
    .argument('<run>', 'folder of the run')
    .argument(
      '<image>',
      'a file, whose middle is taken in the size of the data; or test:17, of the test data',
    )
    .option('--invert', 'turn light and dark: for dark digits on light, where the data are light on dark')
    .option('--class <name>', 'class to explain (default: that which the network finds most likely)')
    .option(
      '--layer <path>',
      'layer for Grad-CAM and for its maps, such as conv2 (default: the last convolution)',
    )
    .option(
      '--out <path>',
      'the picture, without .svg and .png (default: inspect-IMAGE in the folder of the run)',
    )
    .option('--data <dir>', 'folder with the data (default: that of the run)')
    .option('--quiet', 'show the result only'),
).action((run: string, image: string, flags: InspectFlags) => exitWith(inspect(run, image, flags)));

try {
  heedClosedOutput();
  await program.parseAsync(completeArguments(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  process.exitCode = report(error, program.opts<{ debug?: boolean }>().debug === true);
}
