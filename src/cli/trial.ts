import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Parameters, RunFolder } from '../train/index.js';
import { kebab } from './options.js';

const main = fileURLToPath(new URL('./main.js', import.meta.url));

/** A trial of the command: a training in its own process. */
export interface TrialRun {
  readonly recipe: string;
  readonly options: Parameters;
  /** Folder of the run; a trial that a search left unfinished continues. */
  readonly folder: string;
  /** Flags that aren't the recipe's. */
  readonly flags: readonly string[];
  readonly signal: AbortSignal;
}

/** Trains in a separate process; returns what the run measured on its validation data, epoch by epoch. */
export async function runTrial({
  recipe,
  options,
  folder,
  flags,
  signal,
}: TrialRun): Promise<Record<string, number>[]> {
  const place = existsSync(join(folder, 'config.json')) ? ['--resume', folder] : ['--out', folder];
  const own = Object.entries(options).flatMap(([name, value]) => [`--${kebab(name)}`, String(value)]);
  const args = [main, 'train', recipe, ...own, ...flags, ...place, '--no-test', '--quiet'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal.removeEventListener('abort', stop);
  if (code !== 0) throw new Error(complaint.trim() || `the trial's process exited with code ${code}`);
  return RunFolder.open(folder)
    .metrics()
    .flatMap(({ validation }) => (validation ? [validation as Record<string, number>] : []));
}
