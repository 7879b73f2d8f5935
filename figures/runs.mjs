// The trainings of a figure: each in a process and a folder of its own, gone on with where it was stopped.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const myelin = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.MYELIN_PYTHON ?? '/usr/bin/python3';

/** The person has stopped it. */
export class Interrupted extends Error {}

/** Runs a program to its end, in sight. */
async function finished(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the child too, which then saves its state and ends.
  const wait = () => {};
  process.on('SIGINT', wait);
  const stop = () => void child.kill('SIGTERM');
  process.on('SIGTERM', stop);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? signal));
    });
  } finally {
    process.off('SIGINT', wait);
    process.off('SIGTERM', stop);
  }
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const camelCase = (name) => name.replace(/-[a-z]/g, ([, letter]) => letter.toUpperCase());

/** What a training took, as far as its epochs are recorded. */
function trainingOf(folder) {
  const file = join(folder, 'metrics.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const seconds = lines.reduce((sum, line) => sum + (JSON.parse(line).seconds ?? 0), 0);
  return { epochs: lines.length, seconds };
}

/** @throws if the run in a folder was begun with other options */
function requireSame(folder, options) {
  const config = readJson(join(folder, 'config.json'));
  for (const [name, value] of Object.entries(options))
    if (config[camelCase(name)] !== value)
      throw new Error(
        `${folder} was begun with ${name} ${config[camelCase(name)]}, not ${value}; take another --out`,
      );
}

/** @param {import('./main.mjs').Run} run @throws {Interrupted} when the person stops it */
async function makeRun(folder, { recipe, python: file, options }, begun, data) {
  const args = Object.entries({ ...options, ...(data ? { data } : {}) }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const code = recipe
    ? await finished(process.execPath, [
        myelin,
        'train',
        recipe,
        ...args,
        begun ? '--resume' : '--out',
        folder,
      ])
    : await finished(python, [script(file), ...args, '--out', folder]);
  if (code === 130 || code === 'SIGINT' || code === 'SIGTERM')
    throw new Interrupted('stopped; the same command goes on');
  if (code !== 0) throw new Error(`the training in ${folder} ended with ${code}; the same command goes on`);
}

/**
 * Makes those runs of a figure that aren't done.
 *
 * @param {readonly import('./main.mjs').Run[]} runs
 * @returns {Promise<Record<string, import('./main.mjs').Result>>} what each measured and took, by its name
 * @throws {Interrupted} when the person stops it
 */
export async function makeRuns(out, figure, runs, data) {
  const results = {};
  for (const [i, run] of runs.entries()) {
    const folder = join(out, figure, run.name);
    const result = join(folder, 'result.json');
    const begun = existsSync(join(folder, 'config.json'));
    if (begun) requireSame(folder, run.options);
    console.log(
      `\n${figure}/${run.name}, ${i + 1} of ${runs.length}${existsSync(result) ? ': done before' : ''}`,
    );
    if (!existsSync(result)) await makeRun(folder, run, begun, data);
    results[run.name] = { ...readJson(result), training: trainingOf(folder) };
  }
  return results;
}
