// Makes the figures of a chapter anew, on real data: `npm run figures -- vision`.
import { existsSync, readdirSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { Interrupted, makeRuns } from './runs.mjs';
import { saveFigure, saveTable } from './table.mjs';

/**
 * @typedef {object} Run a training, in a folder of its own
 * @property {string} name
 * @property {string} [recipe] of Myelin, or
 * @property {string} [python] a script of this folder
 * @property {Readonly<Record<string, string | number>>} options of the recipe or the script
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} title
 * @property {string} source whose figure it is, and what it is there
 * @property {string} reach what has to come out
 * @property {readonly string[]} needs names of the chapter's `datasets`
 * @property {Readonly<Record<string, number>>} options what can be chosen, and its usual value
 * @property {(options: Readonly<Record<string, number>>, data: string | undefined) => readonly Run[]} runs with the folder
 *   of the data, if one was named
 * @property {(results: Readonly<Record<string, Result>>) => { measured: string, reached: boolean }} measure of each run's
 *   result, by its name
 *
 * @typedef {Readonly<Record<string, number>> & { readonly training: { readonly epochs: number, readonly seconds: number } }} Result
 *   what a run measured, and what the training took
 *
 * @typedef {object} Chapter what a file CHAPTER.mjs of this folder exports as its default
 * @property {string} title
 * @property {Readonly<Record<string, (find: { data: string | undefined }) => Promise<unknown>>>} datasets how each is found
 * @property {readonly Figure[]} figures in the order of the notes
 */

const here = new URL('./', import.meta.url);
const tools = ['main', 'runs', 'table'];
const chapters = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && !tools.includes(file.slice(0, -4)))
  .map((file) => file.slice(0, -4));

/** @param {Figure} figure @param {Readonly<Record<string, number>>} given @param {string | undefined} data */
const runsOf = (figure, given, data) =>
  figure.runs(
    Object.fromEntries(Object.entries(figure.options).map(([name, usual]) => [name, given[name] ?? usual])),
    data,
  );

/** What there is, and what each figure trains. @param {Chapter} chapter */
function list({ title, figures }, given, data) {
  console.log(title);
  for (const figure of figures) {
    console.log(`\n${figure.name}: ${figure.title}\n  source: ${figure.source}\n  reach:  ${figure.reach}`);
    for (const { name, recipe, python, options } of runsOf(figure, given, data))
      console.log(
        `  ${name}: ${recipe ? `myelin train ${recipe}` : `python3 figures/${python}`}${Object.entries(
          options,
        )
          .map(([option, value]) => ` --${option} ${value}`)
          .join('')}`,
      );
  }
}

/** @param {Chapter} chapter @param {readonly Figure[]} figures @throws the loader's error, which names the files */
async function requireData({ datasets }, figures, data) {
  for (const name of new Set(figures.flatMap(({ needs }) => needs))) await datasets[name]({ data });
}

/** @param {Chapter} chapter */
async function makeFigures(chapter, names, { list: listed, data, out, ...given }) {
  const known = chapter.figures.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there's no figure '${unknown}'; there are ${known.join(', ')}`);
  if (listed) return list(chapter, given, data);
  const figures = (names.length === 0 ? known : names).map((name) =>
    chapter.figures.find((figure) => figure.name === name),
  );
  await requireData(chapter, figures, data);
  for (const figure of figures) {
    console.log(`\n${figure.name}: ${figure.title}`);
    saveFigure(
      out,
      figure,
      figure.measure(await makeRuns(out, figure.name, runsOf(figure, given, data), data)),
    );
    saveTable(out, chapter);
  }
  console.log(`\n${saveTable(out, chapter)}\n\n${out}/figures.md, ${out}/figures.json`);
}

function wholeNumber(text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

const program = new Command('npm run figures --').description(
  "Makes the figures of a chapter anew, on real data. What was begun is gone on with, what is done isn't done again.",
);
for (const name of chapters) {
  /** @type {Chapter} */
  const chapter = (await import(new URL(`${name}.mjs`, here).href)).default;
  const command = program
    .command(name)
    .description(chapter.title)
    .argument('[figures...]', `of ${chapter.figures.map((figure) => figure.name).join(', ')} (default: all)`)
    .option('--list', 'show the figures and what they train')
    .option('--data <dir>', 'folder with the data (default: MYELIN_DATA, the cache, a download)')
    .option('--out <dir>', 'folder of the runs', `runs/figures-${name}`);
  for (const option of new Set(chapter.figures.flatMap(({ options }) => Object.keys(options)))) {
    const usual = chapter.figures
      .filter(({ options }) => option in options)
      .map((figure) => `${figure.name} ${figure.options[option]}`);
    command.option(`--${option} <n>`, `default: ${usual.join(', ')}`, wholeNumber);
  }
  command.action((names, flags) => makeFigures(chapter, names, flags));
}

try {
  if (!existsSync(new URL('../dist/cli/main.js', here))) throw new Error('build first: npm run build');
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Interrupted ? error.message : `error: ${error.message}`);
  process.exitCode = error instanceof Interrupted ? 130 : 1;
}
