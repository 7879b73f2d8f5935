#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { host } from '#host';
import { engineNames } from '../core/engine-names.js';
import { cacheFolder } from '../data/index.js';
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
import { questionHelp } from './word-questions.js';
import { type WordsFlags, words } from './words.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

function list(): void {
  const width = Math.max(...recipes.map((recipe) => recipe.name.length));
  // If lines wrapped, the columns would be unreadable.
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

/** What was built and what wasn't, with the command that builds it. */
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
    data: host.env('MYELIN_DATA') ?? "(MYELIN_DATA isn't set)",
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
    .option('--engine <name>', `${engineNames.join(', ')} (default: native if built)`, engineName)
    .option('--threads <n>', 'threads for the engine (default: one per core)', wholeNumber(1));

const program = new Command('myelin')
  .description('Deep learning for TypeScript: run, inspect, and change the networks of the course notes.')
  .version(version)
  .option('--debug', 'show where an error came from')
  .showHelpAfterError('(see --help for the options)')
  .exitOverride();

program.command('list').description('list the recipes, with their sections in the course notes').action(list);

withEngine(program.command('info').description('show the engine, processor, and folders')).action(info);

const trainCommand = program
  .command('train')
  .description('train a recipe and save the run in a folder')
  .argument('[recipe]', 'its name; add --help to see what it shows and its options')
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
      .option('--out <dir>', 'folder for the run (default: runs/RECIPE-TIME)')
      .option('--resume <dir>', 'continue the run in this folder; the recipe name is optional')
      .option(
        '--checkpoint-every <n>',
        'steps between checkpoints, besides the one after every epoch',
        wholeNumber(1),
      )
      .option('--no-test', "don't touch the test data: for choosing between runs")
      .option('--quiet', 'show only the result')
      .addOption(new Option('--json', 'show everything as JSON, one event per line').conflicts('quiet')),
  ).action((flags: TrainFlags) => exitWith(train(recipe, flags)));

const searchParent = program
  .command('search')
  .description('search for the best hyperparameters of a recipe')
  .argument('[recipe]', 'its name; add --help to see what it can search')
  .allowUnknownOption()
  .allowExcessArguments()
  .action((_name, _flags, command: Command) => exitWith(searchCommand(firstRecipe(command), {})));

for (const recipe of recipes.filter(isSearchable))
  withEngine(
    addRanges(searchParent.command(recipe.name).allowExcessArguments(false).summary(recipe.title), recipe)
      .description(`Search for the best hyperparameters: ${recipe.title} (notes 2.7)`)
      .option('--trials <n>', 'number of trials (default: 20)', wholeNumber(1))
      .addOption(
        new Option('--method <name>', 'search method (default: random)').choices([
          'random',
          'grid',
          'halving',
        ]),
      )
      .option('--grid-points <n>', 'grid values per range (default: 5)', wholeNumber(1))
      .option(
        '--workers <n>',
        'trials to run at once, each in its own process (default: one per core)',
        wholeNumber(1),
      )
      .option('--metric <name>', 'metric to choose by, on validation data (default: accuracy)')
      .option('--out <dir>', 'folder for the search (default: runs/search-RECIPE-TIME)')
      .option('--resume <dir>', 'continue the search in this folder; the recipe name is optional')
      .option('--quiet', 'show only the best')
      .addHelpText('after', `\n${rangeHelp}`),
  ).action((flags: SearchFlags) => exitWith(searchCommand(recipe, flags)));

withEngine(
  program
    .command('eval')
    .description("measure a run's model on the test data")
    .argument('<run>', 'folder of the run, or a recipe with --resume')
    .option('--resume <dir>', 'folder of the run')
    .option('--data <dir>', "folder with the data (default: the run's)")
    .option('--quiet', 'show only the result'),
).action((run: string, flags: TrainFlags) => {
  if (flags.resume === undefined && recipes.some((recipe) => recipe.name === run))
    throw new UsageError(`which run of '${run}'? give its folder: myelin eval runs/${run}-…`);
  return exitWith(evaluate(flags.resume ?? run, flags));
});

withEngine(
  program
    .command('predict')
    .description('classify images or texts with the best checkpoint of a run')
    .argument('<run>', 'folder of the run')
    .argument(
      '<what...>',
      "images: files, cropped to their middle at the data's size, folders, or test:17 for a test image; or texts in quotes, for runs of sentiment and names",
    )
    .option('--top <n>', 'classes to show for each', wholeNumber(1), 3)
    .option('--invert', 'invert light and dark: for dark digits on light, when the data are light on dark')
    .option('--csv <file>', "write every class's probability to this file")
    .option('--data <dir>', "folder with the data (default: the run's)")
    .option('--quiet', 'show only the predictions'),
).action((run: string, what: string[], flags: PredictFlags) => exitWith(predict(run, what, flags)));

program
  .command('augment')
  .description('draw what each image transform does to an image')
  .argument('[image]', 'an image file (PNG, JPEG, …); without one, Myelin draws a star')
  .option('--out <file>', 'the picture, .png or .svg', pictureFile, 'augment.png')
  .option('--seed <n>', 'seed of the random numbers', wholeNumber(0), 0)
  .action(async (image: string | undefined, flags: AugmentFlags) => {
    await useEngine({});
    await augment(image, flags);
  });

withEngine(
  program
    .command('inspect')
    .description(
      'look inside an image network: where it looks, its filters, its feature maps, what excites it',
    )
    .argument('<run>', 'folder of the run')
    .argument('<image>', "a file, cropped to its middle at the data's size; or test:17 for a test image")
    .option('--invert', 'invert light and dark: for dark digits on light, when the data are light on dark')
    .option('--class <name>', 'class to explain (default: the one the network finds most likely)')
    .option(
      '--layer <path>',
      'layer for Grad-CAM and feature maps, such as conv2 (default: the last convolution)',
    )
    .option(
      '--out <path>',
      "path of the picture, without .svg or .png (default: inspect-IMAGE in the run's folder)",
    )
    .option('--data <dir>', "folder with the data (default: the run's)")
    .option('--quiet', 'show only the result'),
).action((run: string, image: string, flags: InspectFlags) => exitWith(inspect(run, image, flags)));

withEngine(
  program
    .command('words')
    .description('ask what word vectors know: open a file of vectors, or train them on a text')
    .argument('<file>', "GloVe's or word2vec's vectors, or a text to train on; gzipped or not")
    .argument('[questions...]', "questions, such as 'king - man + woman' (default: asks for them)")
    .addOption(
      new Option('--model <name>', 'how to train on a text')
        .choices(['skip-gram', 'cbow', 'glove'])
        .default('skip-gram'),
    )
    .option('--dim <n>', 'numbers in a trained vector', wholeNumber(1, 4096), 100)
    .option('--window <n>', 'words to either side that count (default: 5; GloVe 10)', wholeNumber(1, 256))
    .option('--epochs <n>', 'passes over the text (default: 5; GloVe 50)', wholeNumber(1))
    .option('--min-count <n>', 'how often a word must occur', wholeNumber(1), 5)
    .option('--max-words <n>', 'use only the most frequent words', wholeNumber(1))
    .option('--seed <n>', 'seed of the random numbers', wholeNumber(0), 0)
    .option('--save <file>', 'write the vectors as text, or in binary if it ends in .bin')
    .option('--top <n>', 'answers to show', wholeNumber(1), 10)
    .addOption(
      new Option('--method <name>', 'how analogies are answered: 3CosAdd or 3CosMul')
        .choices(['add', 'multiply'])
        .default('add'),
    )
    .option('--picture <name>', 'where maps of words (pca, tsne) are saved, without extension')
    .option('--quiet', 'show only the answers')
    .addHelpText('after', `\n${questionHelp}`),
).action((file: string, questions: string[], flags: WordsFlags) => words(file, questions, flags));

try {
  heedClosedOutput();
  await program.parseAsync(completeArguments(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  process.exitCode = report(error, program.opts<{ debug?: boolean }>().debug === true);
}
