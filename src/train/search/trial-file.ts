import { existsSync, readFileSync } from 'node:fs';
import { FileFormatError } from '../../core/errors.js';
import { fileError, writeFileAtomic } from '../../io/atomic.js';
import type { TrialRecord, TrialStore } from './search.js';

const isTrial = (value: unknown): value is TrialRecord =>
  typeof value === 'object' &&
  value !== null &&
  Number.isInteger((value as TrialRecord).trial) &&
  typeof (value as TrialRecord).parameters === 'object';

/** Keeps the trials of a search in a file, a line of JSON each; the file is whole at any time. */
export class TrialFile implements TrialStore {
  #records: readonly TrialRecord[] = [];

  constructor(readonly path: string) {}

  /**
   * @throws FileError if it cannot be read
   * @throws FileFormatError for a line that is no trial
   */
  load(): readonly TrialRecord[] {
    this.#records = existsSync(this.path) ? this.#read() : [];
    return this.#records;
  }

  #read(): TrialRecord[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (cause) {
      throw fileError('search', this.path, cause);
    }
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line, i) => {
        try {
          const record: unknown = JSON.parse(line);
          if (isTrial(record)) return record;
        } catch {}
        throw new FileFormatError('search', this.path, 0, `line ${i + 1} is no trial`);
      });
  }

  /** @throws FileError if it cannot be written */
  add(record: TrialRecord): void {
    this.#records = [...this.#records, record];
    writeFileAtomic(this.path, this.#records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
}
