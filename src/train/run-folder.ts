import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { requireFileName, requirePath } from '../core/arguments.js';
import { FileError, FileFormatError } from '../core/errors.js';
import { engineInfo } from '../index.js';
import { appendWhole, fileError, makeFolder, writeFileAtomic } from '../io/atomic.js';
import { hasCheckpoint, LAST, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { type MetricsRecord, metricsLine, readMetrics } from './metrics-file.js';
import { beginRecording, lock, requireNoRecording, unlock } from './run-lock.js';
import { type Json, requireTree, type State } from './state.js';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** `20261123-143012`, in local time. */
function timestamp(time: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** What the run ran on. */
const environment = (engine = engineInfo()): Readonly<Record<string, Json>> => ({
  started: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  engine: { name: engine.name, instructionSet: engine.instructionSet, threads: engine.threads },
});

/** Makes a folder that nobody has, under this name or with a number behind it. */
function makeUnused(path: string): string {
  makeFolder(dirname(path));
  for (let n = 0; ; n++) {
    const candidate = n === 0 ? path : `${path}-${n}`;
    try {
      mkdirSync(candidate);
      return candidate;
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      if (!taken) throw fileError('RunFolder', candidate, cause);
    }
  }
}

/** The folder that a run leaves behind: configuration, environment, metrics and checkpoints. */
export class RunFolder {
  #config: Readonly<Record<string, Json>>;

  private constructor(
    readonly path: string,
    config: Readonly<Record<string, Json>>,
  ) {
    this.#config = config;
  }

  /** The options of the run. */
  get config(): Readonly<Record<string, Json>> {
    return this.#config;
  }

  /** Changes options of the run, for example when it takes more epochs. */
  reconfigure(changes: Readonly<Record<string, Json>>): void {
    requireTree('RunFolder', 'changes', changes);
    const config = { ...this.#config, ...changes };
    this.writeJson('config.json', config);
    this.#config = config;
  }

  /**
   * Starts a folder.
   *
   * @param path default `runs/RECIPE-TIME`
   * @throws FileError if there is a run in it already, also one that another process begins just now, or it
   * cannot be written; ArgumentError for a configuration that holds itself or a bigint
   */
  static create(recipe: string, config: Readonly<Record<string, Json>>, path?: string): RunFolder {
    requireFileName('RunFolder', 'recipe', recipe);
    if (path !== undefined) requirePath('RunFolder', 'path', path);
    requireTree('RunFolder', 'config', config);
    const at = path ?? makeUnused(join('runs', `${recipe}-${timestamp(new Date())}`));
    makeFolder(at);
    // Of processes that were given the same folder at the same moment one gets the lock.
    lock(at);
    if (RunFolder.exists(at))
      throw new FileError(
        'RunFolder',
        at,
        'EEXIST',
        `already holds a run; resume it with RunFolder.open('${at}'), or choose another folder`,
      );
    const folder = new RunFolder(at, { recipe, ...config });
    writeFileAtomic(join(at, 'metrics.jsonl'), '');
    writeFileAtomic(join(at, 'environment.json'), json(environment()));
    writeFileAtomic(join(at, 'config.json'), json(folder.config));
    return folder;
  }

  /** Whether there is a run in the folder. */
  static exists(path: string): boolean {
    requirePath('RunFolder', 'path', path);
    return existsSync(join(path, 'config.json'));
  }

  /**
   * The folder of a run that goes on if it was begun before, else of a new one: for a program that is started again
   * after whatever ended it. A run that was begun keeps its configuration.
   *
   * @throws FileError if it holds the run of another recipe, another process writes it, or it cannot be written
   */
  static openOrCreate(recipe: string, config: Readonly<Record<string, Json>>, path: string): RunFolder {
    if (!RunFolder.exists(path)) return RunFolder.create(recipe, config, path);
    const folder = RunFolder.open(path);
    if (folder.config.recipe !== recipe)
      throw new FileError(
        'RunFolder',
        path,
        'EEXIST',
        `holds a run of '${folder.config.recipe}', not of '${recipe}'; choose another folder`,
      );
    folder.lock();
    return folder;
  }

  /**
   * Opens the folder of a run that was made before.
   *
   * @throws FileError if it is no such folder
   */
  static open(path: string): RunFolder {
    requirePath('RunFolder', 'path', path);
    const file = join(path, 'config.json');
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (cause) {
      throw fileError('RunFolder', file, cause, '; is this the folder of a run?');
    }
    let config: unknown;
    try {
      config = JSON.parse(text);
    } catch {
      throw new FileFormatError('RunFolder', file, 0, 'not JSON');
    }
    if (typeof config !== 'object' || typeof (config as { recipe?: unknown } | null)?.recipe !== 'string')
      throw new FileFormatError('RunFolder', file, 0, 'not the configuration of a run: it names no recipe');
    return new RunFolder(path, config as Readonly<Record<string, Json>>);
  }

  /**
   * Makes this process the only one that writes the run, until `unlock` or its end. Whatever writes into the
   * folder does so by itself; it is for finding out early.
   *
   * @throws FileError if another process writes the run
   */
  lock(): void {
    lock(this.path);
  }

  /**
   * Makes one recording the only one that writes the run, until what this returns is called.
   *
   * @throws FileError if another recording of this process, or another process, writes the run
   */
  beginRecording(): () => void {
    return beginRecording(this.path);
  }

  /** Lets other processes write the run. */
  unlock(): void {
    unlock(this.path);
  }

  get #metricsFile(): string {
    return join(this.path, 'metrics.jsonl');
  }

  /** Adds a line to `metrics.jsonl`. @throws ArgumentError unless its step is a whole number of at least 0 */
  record(record: MetricsRecord): void {
    const line = metricsLine(record);
    this.lock();
    appendWhole(this.#metricsFile, line);
  }

  /**
   * The lines of `metrics.jsonl`. One that was cut off by a crash is left out; so is, with a warning, one
   * that is no record of a run.
   */
  metrics(): MetricsRecord[] {
    return existsSync(this.#metricsFile) ? readMetrics(this.#metricsFile) : [];
  }

  /** Forgets metrics of steps after `step`, which will be taken again, and results of the end. */
  rewindMetrics(step: number): void {
    const kept = this.metrics().filter((record) => record.step <= step && record.test === undefined);
    this.lock();
    writeFileAtomic(this.#metricsFile, kept.map(metricsLine).join(''));
  }

  get #checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  async saveCheckpoint(name: string, tag: string, state: State): Promise<void> {
    this.lock();
    return saveCheckpoint(this.#checkpoints, name, tag, state);
  }

  hasCheckpoint(name: string): boolean {
    return hasCheckpoint(this.#checkpoints, name);
  }

  loadCheckpoint(name: string): State {
    return loadCheckpoint(this.#checkpoints, name);
  }

  /**
   * Puts a training where its last checkpoint was taken, or leaves it at its start if there is none yet.
   *
   * @throws FileError if another process or a recording writes the run; what `loadState` throws if it is another training
   */
  resume(training: { readonly step: number; loadState(state: State): void }): void {
    this.lock();
    requireNoRecording(this.path);
    if (this.hasCheckpoint(LAST)) training.loadState(this.loadCheckpoint(LAST));
    this.rewindMetrics(training.step);
  }

  /** Writes a file of results, as JSON, into the folder. */
  writeJson(name: string, value: unknown): void {
    requireFileName('writeJson', 'name', name);
    requireTree('RunFolder', name, value);
    this.lock();
    writeFileAtomic(join(this.path, name), json(value));
  }
}
