import { host } from '#host';
import { requireFileName, requireMade, requirePath } from '../core/arguments.js';
import { FileError, FileFormatError } from '../core/errors.js';
import type { Files } from '../host/files.js';
import { requireFiles } from '../host/require.js';
import { engineInfo } from '../index.js';
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
  ...host.description(),
  engine: { name: engine.name, instructionSet: engine.instructionSet, threads: engine.threads },
});

/** Makes a folder that doesn't exist yet, with this name or with a number after it. */
function makeUnused(files: Files, path: string): string {
  files.makeFolder(files.parent(path));
  for (let n = 0; ; n++) {
    const candidate = n === 0 ? path : `${path}-${n}`;
    if (files.makeNewFolder('RunFolder', candidate)) return candidate;
  }
}

const filesOf = (): Files => requireFiles('RunFolder', 'save trainer.state() yourself');

/** The folder that a run leaves behind: configuration, environment, metrics, and checkpoints. */
export class RunFolder {
  #config: Readonly<Record<string, Json>>;
  readonly #files: Files;

  private constructor(
    files: Files,
    readonly path: string,
    config: Readonly<Record<string, Json>>,
  ) {
    requireMade('RunFolder', files, 'train.RunFolder.create(recipe, config)');
    this.#files = files;
    this.#config = config;
  }

  /** The options of the run. */
  get config(): Readonly<Record<string, Json>> {
    return this.#config;
  }

  /** Changes options of the run, for example when it gets more epochs. */
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
   * @throws FileError if it already holds a run, even one that another process is just starting, or it
   * can't be written; ArgumentError for a configuration that contains itself or a bigint
   */
  static create(recipe: string, config: Readonly<Record<string, Json>>, path?: string): RunFolder {
    const files = filesOf();
    requireFileName('RunFolder', 'recipe', recipe);
    if (path !== undefined) requirePath('RunFolder', 'path', path);
    requireTree('RunFolder', 'config', config);
    const at = path ?? makeUnused(files, files.join('runs', `${recipe}-${timestamp(new Date())}`));
    files.makeFolder(at);
    // If several processes are given the same folder at the same moment, one gets the lock.
    lock(files, at);
    if (RunFolder.exists(at))
      throw new FileError(
        'RunFolder',
        at,
        'EEXIST',
        `already holds a run; resume it with RunFolder.open('${at}'), or choose another folder`,
      );
    const folder = new RunFolder(files, at, { recipe, ...config });
    files.write(files.join(at, 'metrics.jsonl'), '');
    files.write(files.join(at, 'environment.json'), json(environment()));
    files.write(files.join(at, 'config.json'), json(folder.config));
    return folder;
  }

  /** Whether the folder holds a run. */
  static exists(path: string): boolean {
    const files = filesOf();
    requirePath('RunFolder', 'path', path);
    return files.look(files.join(path, 'config.json')) !== null;
  }

  /**
   * Resumes the run in a folder if there is one, else starts a new one: for a program that's restarted
   * after an interruption. A resumed run keeps its configuration.
   *
   * @throws FileError if it holds the run of another recipe, another process is writing it, or it can't be written
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
   * Opens the folder of an existing run.
   *
   * @throws FileError if it isn't the folder of a run
   */
  static open(path: string): RunFolder {
    const files = filesOf();
    requirePath('RunFolder', 'path', path);
    const file = files.join(path, 'config.json');
    const text = files.readText('RunFolder', file, '; is this the folder of a run?');
    let config: unknown;
    try {
      config = JSON.parse(text);
    } catch {
      throw new FileFormatError('RunFolder', file, 0, 'not JSON');
    }
    if (typeof config !== 'object' || typeof (config as { recipe?: unknown } | null)?.recipe !== 'string')
      throw new FileFormatError(
        'RunFolder',
        file,
        0,
        "not the configuration of a run: it doesn't name a recipe",
      );
    return new RunFolder(files, path, config as Readonly<Record<string, Json>>);
  }

  /**
   * Makes this process the only one that may write the run, until `unlock` or until it exits. Every method that
   * writes to the folder locks it anyway; call this to find out early.
   *
   * @throws FileError if another process is writing the run
   */
  lock(): void {
    lock(this.#files, this.path);
  }

  /**
   * Makes one recording the only one that may write the run, until you call the function it returns.
   *
   * @throws FileError if another recording in this process, or another process, is writing the run
   */
  beginRecording(): () => void {
    return beginRecording(this.#files, this.path);
  }

  /** Lets other processes write the run. */
  unlock(): void {
    unlock(this.#files, this.path);
  }

  get #metricsFile(): string {
    return this.#files.join(this.path, 'metrics.jsonl');
  }

  /** Adds a line to `metrics.jsonl`. @throws ArgumentError unless its step is a whole number of at least 0 */
  record(record: MetricsRecord): void {
    const line = metricsLine(record);
    this.lock();
    this.#files.append(this.#metricsFile, line);
  }

  /**
   * The lines of `metrics.jsonl`. A line cut off by a crash is left out; so is, with a warning, a line
   * that isn't a record of a run.
   */
  metrics(): MetricsRecord[] {
    return this.#files.look(this.#metricsFile) === null ? [] : readMetrics(this.#files, this.#metricsFile);
  }

  /** Drops the metrics of steps after `step`, which will be taken again, and the final results. */
  rewindMetrics(step: number): void {
    const kept = this.metrics().filter((record) => record.step <= step && record.test === undefined);
    this.lock();
    this.#files.write(this.#metricsFile, kept.map(metricsLine).join(''));
  }

  get #checkpoints(): string {
    return this.#files.join(this.path, 'checkpoints');
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
   * Restores a training from its last checkpoint, or leaves it at its start if there isn't one yet.
   *
   * @throws FileError if another process or a recording is writing the run; whatever `loadState` throws for another
   * training
   */
  resume(training: { readonly step: number; loadState(state: State): void }): void {
    this.lock();
    requireNoRecording(this.#files, this.path);
    if (this.hasCheckpoint(LAST)) training.loadState(this.loadCheckpoint(LAST));
    this.rewindMetrics(training.step);
  }

  /** Writes a file of results to the folder, as JSON. */
  writeJson(name: string, value: unknown): void {
    requireFileName('writeJson', 'name', name);
    requireTree('RunFolder', name, value);
    this.lock();
    this.#files.write(this.#files.join(this.path, name), json(value));
  }
}
