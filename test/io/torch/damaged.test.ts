import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { FileFormatError } from '../../../src/core/errors.js';
import { Tensor, tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import { crc32 } from '../../../src/io/torch/crc32.js';
import { type ZipFile, zipArchive } from '../../../src/io/torch/zip-writer.js';

const folder = fileURLToPath(new URL('../../recordings/torch/', import.meta.url));
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const archive = (files: readonly ZipFile[]): Uint8Array =>
  new Uint8Array(Buffer.concat([...zipArchive(files, crc32)]));

describe('archives that are none', () => {
  const good = (): Uint8Array => readFileSync(`${folder}tensor.pt`);
  const find = (bytes: Uint8Array, what: string, nth = 0): number => {
    let at = -1;
    for (let i = 0; i <= nth; i++) at = Buffer.from(bytes).indexOf(what, at + 1, 'latin1');
    return at;
  };
  const changed = (change: (bytes: Uint8Array) => void, bytes = Uint8Array.from(good())): Uint8Array => {
    change(bytes);
    return bytes;
  };
  const rename = (from: string, to: string): Uint8Array =>
    latin1(Buffer.from(good()).toString('latin1').replaceAll(from, to));
  const pickle = { name: 'archive/data.pkl', bytes: latin1('\x80\x02N.') };
  const central = 'PK\x01\x02';
  const end = 'PK\x05\x06';
  const cases: [name: string, bytes: Uint8Array, message: RegExp][] = [
    ['nothing', new Uint8Array(0), /the file is empty/],
    ['text', latin1('\x00\xfe'), /isn't a zip archive or a pickle/],
    ['a pickle of something', latin1('\x80\x02K\x01.'), /a pickle of a number that torch\.save didn't write/],
    [
      'a tar archive',
      changed((b) => b.set(latin1('ustar'), 257), new Uint8Array(1024)),
      /in the tar format of PyTorch before 0\.1\.10/,
    ],
    ['an archive without its end', good().subarray(0, 600), /no directory at its end/],
    [
      'an archive of something else',
      archive([{ name: 'a.txt', bytes: latin1('a') }]),
      /is a zip archive, not a PyTorch file \(\.pt\)/,
    ],
    ['two pickles', archive([pickle, { ...pickle, name: 'b/data.pkl' }]), /has 2 files data\.pkl/],
    ['the same name twice', archive([pickle, pickle]), /has "archive\/data\.pkl" twice/],
    [
      'a path up',
      rename('archive/data/0', '../hive/data/0'),
      /has "\.\.\/hive\/data\/0", a path that leads out of it/,
    ],
    ['a path from the root', rename('archive/data/0', '/rchive/data/0'), /leads out/],
    ['a path with backslashes', rename('archive/data/0', 'archive\\data/0'), /leads out/],
    [
      'a wrong checksum of the pickle',
      changed((b) => (b[find(b, central) + 16]! ^= 1)),
      /checksum of entry "archive\/data\.pkl" is wrong/,
    ],
    [
      'a wrong byte in a storage',
      changed((b) => (b[find(b, 'archive/data/0') + 64]! ^= 1)),
      /wrong; the file is damaged/,
    ],
    ['an encrypted entry', changed((b) => (b[find(b, central) + 8]! |= 1)), /is encrypted/],
    ['another compression', changed((b) => (b[find(b, central) + 10] = 12)), /compressed by method 12/],
    [
      'a stored entry with two sizes',
      changed((b) => (b[find(b, central) + 24]! ^= 1)),
      /its sizes \d+ and \d+ differ/,
    ],
    ['an entry beyond the file', changed((b) => (b[find(b, central) + 44] = 0x7f)), /is beyond the contents/],
    [
      'an entry elsewhere',
      changed((b) => (b[find(b, central, 1) + 42]! ^= 4)),
      /isn't where the directory says/,
    ],
    [
      'more entries than there are',
      changed((b) => (b[find(b, end) + 10] = 200)),
      /claims 200 entries in \d+ bytes/,
    ],
    [
      'a directory that breaks off',
      changed((b) => {
        b[find(b, central, 1)]! ^= 1;
      }),
      /directory breaks off after 1 of \d entries/,
    ],
    ['a directory beyond the file', changed((b) => (b[find(b, end) + 19] = 0x7f)), /after byte/],
    [
      'a name that is longer than the directory',
      changed((b) => (b[find(b, central) + 29] = 0xff)),
      /breaks off within entry 0/,
    ],
    [
      'a byte order that is none',
      archive([pickle, { name: 'archive/byteorder', bytes: latin1('middle') }]),
      /isn't big or little/,
    ],
  ];
  test.each(cases)('%s', (_name, bytes, message) => {
    expect(() => io.loadTorchBytes(bytes)).toThrow(FileFormatError);
    expect(() => io.loadTorchBytes(bytes)).toThrow(message);
  });

  test('entries that lie in one another', () => {
    const bytes = archive([
      pickle,
      { name: 'archive/data/0', bytes: latin1('12345678') },
      { name: 'archive/data/1', bytes: latin1('x') },
    ]);
    const at = find(bytes, central, 1);
    bytes.set(
      bytes.slice(at + 20, at + 28).map((b, i) => (i % 4 === 0 ? b + 40 : b)),
      at + 20,
    );
    expect(() => io.loadTorchBytes(bytes)).toThrow(
      /entries "archive\/data\/0" and "archive\/data\/1" of the archive overlap/,
    );
  });

  test("without verification a wrong checksum doesn't matter", () => {
    const bytes = changed((b) => (b[find(b, central) + 16]! ^= 1));
    expect(io.loadTorchBytes(bytes, { verify: false })).toBeInstanceOf(Tensor);
  });

  /** An archive with one deflated entry that is said to have `size` bytes. */
  const deflated = (content: Uint8Array, size: number): Uint8Array => {
    const packed = deflateSync(content, { level: 9 });
    const bytes = archive([{ name: 'archive/data.pkl', bytes: packed }]);
    const view = new DataView(bytes.buffer);
    const at = find(bytes, central);
    view.setUint16(at + 10, 8, true);
    view.setUint32(at + 16, crc32(content, 0), true);
    view.setUint32(at + 24, size, true);
    return bytes;
  };

  test('deflated entries and bombs', () => {
    const content = latin1('\x80\x02X\x05\x00\x00\x00hello.');
    expect(io.loadTorchBytes(deflated(content, content.length))).toBe('hello');
    expect(() => io.loadTorchBytes(deflated(content, content.length - 1))).toThrow(/doesn't inflate/);
    expect(() => io.loadTorchBytes(deflated(content, content.length + 9))).toThrow(
      /doesn't inflate to \d+ bytes/,
    );
    expect(() => io.loadTorchBytes(deflated(content, 2 ** 31))).toThrow(
      /can't inflate from \d+ to 2147483648 bytes/,
    );
    const bomb = new Uint8Array(66 * 2 ** 20);
    expect(() => io.loadTorchBytes(deflated(bomb, bomb.length))).toThrow(/far more than the file has/);
    expect(() => io.loadTorchBytes(deflated(bomb.subarray(0, 2 ** 20), 1100))).toThrow(/doesn't inflate/);
  });
});

describe('damaged files', () => {
  const whole = readdirSync(folder)
    .filter((file) => file.endsWith('.pt'))
    .map((file): [string, Uint8Array] => [file, new Uint8Array(readFileSync(folder + file))])
    .filter(([, bytes]) => bytes.length < 4000);

  /** Whether the bytes can be read; throws whatever isn't the error that a damaged file gives. */
  function readable(bytes: Uint8Array, verify = true): boolean {
    try {
      io.loadTorchBytes(bytes, { verify });
      return true;
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      return false;
    }
  }

  test.each(whole)('%s, cut at every byte', (_file, bytes) => {
    for (let n = 0; n < bytes.length; n++) expect(readable(bytes.subarray(0, n)), `${n} bytes`).toBe(false);
  });

  test.each(whole)('%s, with every byte changed', (_file, original) => {
    const bytes = original.slice();
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [original[at]! ^ (1 << (at % 8)), [0x00, 0xff, 0x28, 0x52][at % 4]!]) {
        bytes[at] = byte;
        readable(bytes, false);
      }
      bytes[at] = original[at]!;
    }
  });

  test('a tensor that is saved and read is what it was', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(io.loadTorchBytes<Tensor>(await io.serializeTorch(x)).toArraySync()).toEqual(x.toArraySync());
  });
});
