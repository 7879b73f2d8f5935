import { describe } from '../../core/describe.js';
import { ArgumentError, FileFormatError } from '../../core/errors.js';
import type { Files } from '../../host/files.js';
import { requireFiles } from '../../host/require.js';
import type { TrialRecord, TrialStore } from './search.js';
import { mostTrials } from './space.js';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isOptional = (value: unknown, kind: 'number' | 'string'): boolean =>
  value === undefined || typeof value === kind;

function isTrial(value: unknown): value is TrialRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { trial, parameters, budget, seconds, value: result, error } = value as Partial<TrialRecord>;
  return (
    isCount(trial) &&
    trial! < mostTrials &&
    typeof parameters === 'object' &&
    parameters !== null &&
    !Array.isArray(parameters) &&
    Object.values(parameters).every((one) => ['number', 'string', 'boolean'].includes(typeof one)) &&
    (budget === undefined || isCount(budget)) &&
    isOptional(seconds, 'number') &&
    // JSON has no NaN: it may appear as null.
    (result === null || isOptional(result, 'number')) &&
    isOptional(error, 'string')
  );
}

/** Stores the trials of a search in a file, one JSON line each; the file is complete at all times. */
export class TrialFile implements TrialStore {
  #records: readonly TrialRecord[] = [];
  readonly #files: Files;

  constructor(readonly path: string) {
    this.#files = requireFiles('TrialFile', 'pass search your own store, { load, add }');
  }

  /**
   * @throws FileError if it can't be read
   * @throws FileFormatError for a line that isn't a trial
   */
  load(): readonly TrialRecord[] {
    this.#records = this.#files.look(this.path) === null ? [] : this.#read();
    return this.#records;
  }

  #read(): TrialRecord[] {
    return this.#files
      .readText('search', this.path)
      .split('\n')
      .filter((line) => line !== '')
      .map((line, i) => {
        try {
          const record: unknown = JSON.parse(line);
          if (isTrial(record)) return record;
        } catch {}
        throw new FileFormatError('search', this.path, 0, `line ${i + 1} isn't a trial`);
      });
  }

  /** @throws FileError if it can't be written */
  add(record: TrialRecord): void {
    if (!isTrial(record)) throw new ArgumentError('TrialFile', `add needs a trial, got ${describe(record)}`);
    this.#records = [...this.#records, record];
    this.#files.write(this.path, this.#records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
}
