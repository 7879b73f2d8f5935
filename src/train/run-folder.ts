import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { FileError, FileFormatError } from '../core/errors.js';
import { engineInfo } from '../index.js';
import { appendWhole, fileError, makeFolder, writeFileAtomic } from '../io/atomic.js';
import { hasCheckpoint, LAST, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import type { Json, State } from './state.js';

/** One line of `metrics.jsonl`. */
export interface MetricsRecord {
  /** Steps taken when it was written. */
  readonly step: number;
  readonly [name: string]: Json;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** `20261123-143012`, in local time. */
function timestamp(time: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** What the run ran on. */
const environment = (): Readonly<Record<string, Json>> => ({
  started: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  engine: { ...engineInfo() },
});

/** The folder that a run leaves behind: configuration, environment, metrics and checkpoints. */
export class RunFolder {
  private constructor(
    readonly path: string,
    /** The options of the run. */
    readonly config: Readonly<Record<string, Json>>,
  ) {}

  /**
   * Starts a folder.
   *
   * @param path default `runs/RECIPE-TIME`
   * @throws FileError if there is a run in it already, or it cannot be written
   */
  static create(recipe: string, config: Readonly<Record<string, Json>>, path?: string): RunFolder {
    const at = path ?? RunFolder.#unused(join('runs', `${recipe}-${timestamp(new Date())}`));
    if (existsSync(join(at, 'config.json')))
      throw new FileError(
        'RunFolder',
        at,
        'EEXIST',
        `holds a run already; go on with --resume ${at}, or choose another folder`,
      );
    makeFolder(at);
    const folder = new RunFolder(at, { recipe, ...config });
    writeFileAtomic(join(at, 'config.json'), json(folder.config));
    writeFileAtomic(join(at, 'environment.json'), json(environment()));
    writeFileAtomic(join(at, 'metrics.jsonl'), '');
    return folder;
  }

  static #unused(path: string): string {
    for (let n = 2; ; n++) {
      const candidate = n === 2 ? path : `${path}-${n - 1}`;
      if (!existsSync(candidate)) return candidate;
    }
  }

  /**
   * Opens the folder of a run that was made before.
   *
   * @throws FileError if it is no such folder
   */
  static open(path: string): RunFolder {
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

  /** Adds a line to `metrics.jsonl`. */
  record(record: MetricsRecord): void {
    appendWhole(join(this.path, 'metrics.jsonl'), `${JSON.stringify(record)}\n`);
  }

  /** The lines of `metrics.jsonl`; one that was cut off by a crash is left out. */
  metrics(): MetricsRecord[] {
    const path = join(this.path, 'metrics.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as MetricsRecord];
        } catch {
          return [];
        }
      });
  }

  /** Forgets metrics of steps after `step`, which will be taken again, and results of the end. */
  rewindMetrics(step: number): void {
    const kept = this.metrics().filter((record) => record.step <= step && record.test === undefined);
    writeFileAtomic(
      join(this.path, 'metrics.jsonl'),
      kept.map((record) => `${JSON.stringify(record)}\n`).join(''),
    );
  }

  get #checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  saveCheckpoint(name: string, tag: string, state: State): Promise<void> {
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
   * @throws what `loadState` throws if it is another training
   */
  resume(training: { readonly step: number; loadState(state: State): void }): void {
    if (this.hasCheckpoint(LAST)) training.loadState(this.loadCheckpoint(LAST));
    this.rewindMetrics(training.step);
  }

  /** Writes a file of results, as JSON. */
  writeJson(name: string, value: unknown): void {
    writeFileAtomic(join(this.path, name), json(value));
  }
}
