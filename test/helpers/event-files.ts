import { PbfReader } from 'pbf';
import { maskedCrc32c } from '../../src/io/tensorboard/record.js';

export interface ReadEvent {
  time: number;
  step: number;
  version?: string;
  /** Status of the session log: 1 is START. */
  session?: number;
  tag?: string;
  value?: number;
  histogram?: { min: number; max: number; num: number; sum: number; limits: number[]; counts: number[] };
}

/** The records of a file; throws where a length or a checksum is wrong. */
export function readRecords(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8)))
      throw new Error(`byte ${at}: the length's checksum is wrong`);
    if (data.length < length || view.getUint32(at + 12 + length, true) !== maskedCrc32c(data))
      throw new Error(`byte ${at}: the data's checksum is wrong`);
    records.push(data);
    at += length + 16;
  }
  return records;
}

/** Reads an Event message, by the field numbers of TensorFlow's event.proto and summary.proto. */
export function readEvent(bytes: Uint8Array): ReadEvent {
  const event: ReadEvent = { time: 0, step: 0 };
  new PbfReader(bytes).readFields((tag, out, pbf) => {
    if (tag === 1) out.time = pbf.readDouble();
    else if (tag === 2) out.step = pbf.readVarint();
    else if (tag === 3) out.version = pbf.readString();
    else if (tag === 7)
      pbf.readMessage((inner, o, p) => {
        if (inner === 1) o.session = p.readVarint();
      }, out);
    else if (tag === 5)
      pbf.readMessage((summary, o, p) => {
        if (summary === 1) p.readMessage(readValue, o);
      }, out);
  }, event);
  return event;
}

function readValue(tag: number, out: ReadEvent, pbf: PbfReader): void {
  if (tag === 1) out.tag = pbf.readString();
  else if (tag === 2) out.value = pbf.readFloat();
  else if (tag === 5) {
    const histogram = { min: 0, max: 0, num: 0, sum: 0, limits: [] as number[], counts: [] as number[] };
    pbf.readMessage((field, h, p) => {
      if (field === 1) h.min = p.readDouble();
      else if (field === 2) h.max = p.readDouble();
      else if (field === 3) h.num = p.readDouble();
      else if (field === 4) h.sum = p.readDouble();
      else if (field === 6) p.readPackedDouble(h.limits);
      else if (field === 7) p.readPackedDouble(h.counts);
    }, histogram);
    out.histogram = histogram;
  }
}

export const readEvents = (bytes: Uint8Array): ReadEvent[] => readRecords(bytes).map(readEvent);
