import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { FileError, FileFormatError } from '../../../src/core/errors.js';
import { CIFAR10, CIFAR100 } from '../../../src/vision/index.js';
import { cifarFolder } from '../../helpers/cifar.js';
import { put } from '../../helpers/files.js';
import { withoutData } from '../../helpers/no-data.js';

const folder = withoutData();

/** Records of CIFAR: the label bytes, then an image filled with the last of them. */
const records = (...labels: number[][]): Buffer =>
  Buffer.concat(
    labels.map((bytes) => Buffer.from([...bytes, ...new Array<number>(3072).fill(bytes.at(-1)!)])),
  );

/** A tar archive of files. */
function tar(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.fill(' ', 148, 156);
    header.write('0', 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const batches = (names: readonly string[]): Record<string, Buffer> =>
  Object.fromEntries(names.map((name, i) => [name, records([i], [9])]));
const training = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);

describe('CIFAR-10', () => {
  const wanted = [0, 9, 1, 9, 2, 9, 3, 9, 4, 9];
  test.each<[string, () => Record<string, Buffer>]>([
    ['loose', () => batches(training)],
    [
      'gzipped, in a folder of its own',
      () =>
        Object.fromEntries(
          Object.entries(batches(training)).map(([name, bytes]) => [`cifar-10/${name}.gz`, gzipSync(bytes)]),
        ),
    ],
    [
      'unpacked from the archive',
      () =>
        Object.fromEntries(
          Object.entries(batches(training)).map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes]),
        ),
    ],
    [
      'in the archive',
      () => {
        const files = Object.entries(batches(training)).map(([name, bytes]) => [
          `cifar-10-batches-bin/${name}`,
          bytes,
        ]);
        return { 'cifar-10-binary.tar.gz': gzipSync(tar(Object.fromEntries(files))) };
      },
    ],
    [
      'in the archive, with some of them loose',
      () => ({
        ...batches(training.slice(0, 2)),
        'cifar-10-binary.tar.gz': gzipSync(tar(batches(training))),
      }),
    ],
  ])('is found %s', async (_name, files) => {
    const data = put(join(folder(), 'data'), files());
    for (const options of [{ data }, {}]) {
      if (!('data' in options)) vi.stubEnv('MYELIN_DATA', data);
      const set = await CIFAR10.load(options);
      expect([set.images.dtype, set.images.shape, set.missing]).toEqual(['uint8', [10, 3, 32, 32], []]);
      expect(set.labels.toArraySync()).toEqual(wanted);
      expect(set.images.at('...', 2, 31, 31).toArraySync()).toEqual(wanted);
      expect(set.classes[9]).toBe('truck');
    }
  });

  test('some of the training files will do, and the others are named', async () => {
    const data = put(join(folder(), 'data'), batches(['data_batch_2.bin', 'test_batch.bin']));
    const set = await CIFAR10.load({ data });
    expect([set.length, set.missing]).toEqual([
      2,
      ['data_batch_1.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
    ]);
    expect((await CIFAR10.load({ data, train: false })).missing).toEqual([]);
  });

  test('what is missing is named, with where to put it', async () => {
    const data = put(join(folder(), 'data'), batches(['data_batch_2.bin']));
    await expect(CIFAR10.load({ data, train: false })).rejects.toThrow(FileError);
    await expect(CIFAR10.load({ data, train: false })).rejects.toThrow(
      "data: doesn't have all of CIFAR-10; put test_batch.bin (gzipped or not) or cifar-10-binary.tar.gz there",
    );
    await expect(CIFAR10.load({ data: join(folder(), 'none') })).rejects.toThrow(
      'none: no such folder; put data_batch_1',
    );
    await expect(CIFAR10.load()).rejects.toThrow(
      /CIFAR-10: not found; put cifar-10-binary.tar.gz into .*cache\/myelin\/cifar-10, or name their folder/,
    );
  });

  const archive = gzipSync(tar(batches(['a.bin'])));
  test.each<[string, string, Buffer, RegExp]>([
    [
      'cut within an image',
      'data_batch_1.bin',
      records([1], [2]).subarray(0, 4000),
      /byte 4000: ends within image 1: each takes 3073 bytes/,
    ],
    ['empty', 'data_batch_1.bin', Buffer.alloc(0), /byte 0: is empty/],
    [
      'a label out of range',
      'data_batch_1.bin',
      records([9], [10]),
      /byte 3073: label 10 of image 1 isn't one of 0 to 9/,
    ],
    [
      'cut gzip',
      'data_batch_1.bin.gz',
      gzipSync(records([1])).subarray(0, 30),
      /byte 30: isn't complete gzip data: /,
    ],
    ['an archive without the file', 'cifar-10-binary.tar.gz', archive, /has no file data_batch_1.bin/],
    [
      'a web page',
      'data_batch_1.bin',
      Buffer.from('<!doctype html><html></html>'),
      /byte 0: is a web page \(HTML\), not a file of CIFAR; the address leads to a web page/,
    ],
    [
      'no archive',
      'cifar-10-binary.tar.gz',
      gzipSync(Buffer.from('text')),
      /byte 0: is text that begins "text", not a tar archive/,
    ],
    [
      'a cut archive',
      'cifar-10-binary.tar',
      tar(batches(['a.bin'])).subarray(0, 2000),
      /byte 2000: ends within a.bin/,
    ],
  ])('%s', async (_name, file, bytes, message) => {
    const data = put(join(folder(), 'data'), { [file]: bytes });
    const error = await CIFAR10.load({ data }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`CIFAR10: ${join(data, file)}`);
  });

  test.skipIf(cifarFolder === null)('the real test file', async () => {
    const set = await CIFAR10.load({ data: cifarFolder!, train: false });
    expect(set.images.shape).toEqual([10_000, 3, 32, 32]);
    expect(set.labels.narrow(0, 0, 8).toArraySync()).toEqual([3, 8, 8, 0, 6, 6, 1, 6]);
    expect(await set.labels.eq(3).sum().item()).toBe(1000);
    expect(readFileSync(join(cifarFolder!, 'batches.meta.txt'), 'utf8').trim().split('\n')).toEqual(
      set.classes,
    );
  });
});

describe('CIFAR-100', () => {
  test('has fine labels and coarse ones', async () => {
    const data = put(join(folder(), 'data'), {
      'train.bin': records([19, 99], [0, 7]),
      'test.bin': records([4, 0]),
    });
    const fine = await CIFAR100.load({ data });
    expect([fine.labels.toArraySync(), fine.classes.length, fine.classes[99]]).toEqual([
      [99, 7],
      100,
      'worm',
    ]);
    const coarse = await CIFAR100.load({ data, labels: 'coarse' });
    expect([coarse.labels.toArraySync(), coarse.classes.length, coarse.classes[19]]).toEqual([
      [19, 0],
      20,
      'vehicles_2',
    ]);
    expect((await CIFAR100.load({ data, train: false })).classes[0]).toBe('apple');
    put(data, { 'train.bin': records([20, 0]) });
    await expect(CIFAR100.load({ data })).rejects.toThrow("byte 0: label 20 of image 0 isn't one of 0 to 19");
  });

  test("train.bin of a folder that wasn't named for it isn't taken for its file", async () => {
    vi.stubEnv('MYELIN_DATA', put(join(folder(), 'data'), { 'train.bin': records([1, 2]) }));
    await expect(CIFAR100.load()).rejects.toThrow('CIFAR-100: not found');
    vi.stubEnv('MYELIN_DATA', put(join(folder(), 'cifar-100'), { 'train.bin': records([1, 2]) }));
    expect((await CIFAR100.load()).length).toBe(1);
  });
});
