import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tensor } from '../../../src/index.js';
import { crc32c } from '../../../src/io/tensorboard/crc32c.js';
import { maskedCrc32c, tfRecord } from '../../../src/io/tensorboard/record.js';
import { SummaryWriter } from '../../../src/train/index.js';
import { readEvents, readRecords } from '../../helpers/event-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('checksums are those of RFC 3720 and of the check value of CRC-32C', () => {
  expect(crc32c(ascii('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test('a record has its length, its data and a checksum of each', () => {
  const record = tfRecord(ascii('abc'));
  const view = new DataView(record.buffer);
  expect(record).toHaveLength(3 + 16);
  expect(view.getBigUint64(0, true)).toBe(3n);
  expect([...record.subarray(12, 15)]).toEqual([...ascii('abc')]);
  // Unmasking undoes the rotation and the addition.
  const masked = view.getUint32(15, true);
  const turned = (masked - 0xa282ead8) >>> 0;
  expect(((turned >>> 17) | (turned << 15)) >>> 0).toBe(crc32c(ascii('abc')));
  expect(masked).toBe(maskedCrc32c(ascii('abc')));
  const damaged = record.slice();
  damaged[13]! ^= 1;
  expect(() => readRecords(damaged)).toThrow("the data's checksum is wrong");
});

test('an event file has its version, scalars and histograms', () => {
  const before = Date.now() / 1000;
  const writer = new SummaryWriter(folder);
  writer.addScalar('train/loss', 0.1, 3);
  writer.addScalar('größe', -1e30, 4_000_000_000);
  writer.addHistogram('weights', tensor([0, 1, 1, 3, Number.NaN]), 5);
  expect(readdirSync(folder)).toEqual([basename(writer.path)]);
  expect(basename(writer.path)).toMatch(/^events\.out\.tfevents\.\d{10}\./);
  const [version, loss, size, weights, ...rest] = readEvents(readFileSync(writer.path));
  expect(rest).toEqual([]);
  expect(version).toMatchObject({ version: 'brain.Event:2', step: 0 });
  expect(loss).toMatchObject({ tag: 'train/loss', step: 3, value: Math.fround(0.1) });
  expect(size).toMatchObject({ tag: 'größe', step: 4_000_000_000, value: Math.fround(-1e30) });
  expect(loss!.time).toBeGreaterThanOrEqual(before);
  expect(loss!.time).toBeLessThanOrEqual(Date.now() / 1000);
  const { histogram } = weights!;
  expect(histogram).toMatchObject({ min: 0, max: 3, num: 4, sum: 5 });
  expect(histogram!.limits).toHaveLength(histogram!.counts.length);
  expect(histogram!.counts.reduce((a, b) => a + b)).toBe(4);
  expect(histogram!.limits.at(-1)).toBeCloseTo(3);
  expect([histogram!.counts[0], histogram!.counts[10], histogram!.counts.at(-1)]).toEqual([1, 2, 1]);
});

test('a run that goes on has a file more, which says from where', () => {
  const first = new SummaryWriter(folder);
  first.addScalar('loss', 1, 8);
  const second = new SummaryWriter(folder, { purgeStep: 6 });
  second.addScalar('loss', 2, 6);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(readEvents(readFileSync(second.path)).slice(1)).toMatchObject([
    { session: 1, step: 6 },
    { tag: 'loss', value: 2, step: 6 },
  ]);
});

test("what can't be written is refused", () => {
  const writer = new SummaryWriter(folder);
  expect(() => writer.addScalar('loss', 1, 0.5)).toThrow(
    'a step must be a whole number of at least 0, got 0.5',
  );
  expect(() => writer.addHistogram('w', tensor([Number.NaN]), 1)).toThrow(
    'addHistogram: there are no finite values',
  );
  expect(() => new SummaryWriter('/dev/null/run')).toThrow(/FileError|a part of the path isn't a folder/);
});
