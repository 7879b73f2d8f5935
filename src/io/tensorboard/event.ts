import { PbfWriter } from '../../third-party/pbf.js';

/** Counts of values in buckets, with the moments that TensorBoard shows. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The upper end of each bucket. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** What an event records: the file's version, a run resuming at a step, a number, or a histogram. */
export type What =
  | { readonly kind: 'version' }
  | { readonly kind: 'start' }
  | { readonly kind: 'scalar'; readonly tag: string; readonly value: number }
  | { readonly kind: 'histogram'; readonly tag: string; readonly value: Histogram };

/** Field numbers of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. */
const field = {
  event: { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 },
  sessionLog: { status: 1 },
  summary: { value: 1 },
  value: { tag: 1, simpleValue: 2, histogram: 5 },
  histogram: { min: 1, max: 2, num: 3, sum: 4, sumSquares: 5, bucketLimit: 6, bucket: 7 },
} as const;

const sessionStart = 1;

function writeHistogram(h: Histogram, pbf: PbfWriter): void {
  const f = field.histogram;
  pbf.writeDoubleField(f.min, h.min);
  pbf.writeDoubleField(f.max, h.max);
  pbf.writeDoubleField(f.num, h.num);
  pbf.writeDoubleField(f.sum, h.sum);
  pbf.writeDoubleField(f.sumSquares, h.sumSquares);
  pbf.writePackedDouble(f.bucketLimit, [...h.limits]);
  pbf.writePackedDouble(f.bucket, [...h.counts]);
}

function writeValue(what: What & { kind: 'scalar' | 'histogram' }, pbf: PbfWriter): void {
  pbf.writeStringField(field.value.tag, what.tag);
  if (what.kind === 'scalar') pbf.writeFloatField(field.value.simpleValue, what.value);
  else pbf.writeMessage(field.value.histogram, writeHistogram, what.value);
}

/** An Event message. @param time in seconds since 1970 */
export function encodeEvent(what: What, step: number, time: number): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(field.event.wallTime, time);
  if (step !== 0) pbf.writeVarintField(field.event.step, step);
  if (what.kind === 'version') pbf.writeStringField(field.event.fileVersion, 'brain.Event:2');
  else if (what.kind === 'start')
    pbf.writeMessage(
      field.event.sessionLog,
      (_, log) => log.writeVarintField(field.sessionLog.status, sessionStart),
      null,
    );
  else
    pbf.writeMessage(
      field.event.summary,
      (value, summary) => summary.writeMessage(field.summary.value, writeValue, value),
      what,
    );
  return pbf.finish();
}
