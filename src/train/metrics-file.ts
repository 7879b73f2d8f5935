import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { warnOnce } from '../core/warn.js';
import type { Files } from '../host/files.js';
import { attachTensors, detachTensors, type Json, requireTree } from './state.js';

/** One line of `metrics.jsonl`. */
export interface MetricsRecord {
  /** Steps taken when it was written. */
  readonly step: number;
  readonly [name: string]: Json;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isNumbers = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((member) => typeof member === 'number');

/** Types of an epoch record's known members, if present; other members, and other records, may hold anything. */
const members: Readonly<Record<string, (value: unknown) => boolean>> = {
  epoch: isCount,
  bestEpoch: isCount,
  train: isNumbers,
  validation: isNumbers,
  learningRates: isNumbers,
};

function isRecord(value: unknown): value is MetricsRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  if (!isCount(record.step)) return false;
  return (
    record.epoch === undefined ||
    Object.entries(members).every(([name, fits]) => record[name] === undefined || fits(record[name]))
  );
}

/** A record as a line. @throws ArgumentError if it isn't a record */
export function metricsLine(record: MetricsRecord): string {
  if (!isCount(record?.step))
    throw new ArgumentError(
      'record',
      `step must be a whole number of at least 0, got ${describe(record?.step)}`,
    );
  if (!isRecord(record))
    throw new ArgumentError('record', `${describe(record)} has members of the wrong type for metrics.jsonl`);
  requireTree('record', 'the record', record);
  return `${JSON.stringify(detachTensors(record).json)}\n`;
}

/** The records of a file; lines that aren't records are left out. @throws FileError if it can't be read */
export function readMetrics(files: Files, path: string): MetricsRecord[] {
  const lines = files.readText('RunFolder', path).split('\n');
  return lines.flatMap((line, i) => {
    let record: unknown;
    try {
      record = attachTensors(JSON.parse(line) as Json, {});
    } catch {}
    if (isRecord(record)) return [record];
    // The last line may have been cut off by a crash.
    if (i < lines.length - 1)
      warnOnce('RunFolder', `${path}, line ${i + 1} isn't a record of a run and is left out`);
    return [];
  });
}
