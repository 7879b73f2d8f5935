import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { FileFormatError } from '../../src/core/errors.js';
import { readCsv, readIdx } from '../../src/data/index.js';
import { zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import { encodeImage, readImage } from '../../src/vision/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const x = zeros([2, 2]);

/** Files of other kinds, with rest enough that no reader stops for their length. */
const kinds: Record<string, Uint8Array | (() => Promise<Uint8Array>)> = {
  'a Git LFS pointer': latin1(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 44\n`,
  ),
  'a web page (HTML)': latin1('<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>'),
  XML: latin1('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'),
  'a .npy file': () => io.serializeNpy(x),
  'a NumPy archive (.npz)': () => io.serializeNpz({ x }),
  'a PyTorch file (.pt)': () => io.serializeTorch({ x }),
  'a safetensors file': () => io.serializeSafetensors({ x }),
  'an Excel, Word, or PowerPoint file': zipSync({ '[Content_Types].xml': latin1('<x/>') }),
  'a zip archive': zipSync({ 'a.txt': latin1('a') }),
  'a PNG image': () => encodeImage(zeros([1, 2, 2]), 'png'),
  'a JPEG image': () => encodeImage(zeros([1, 2, 2]), 'jpeg'),
  'a BMP image': latin1(`BM${'\0'.repeat(12)}\x28\0${'\0'.repeat(40)}`),
  'a Netpbm image': latin1('P6\n2 1\n255\n\0\0\0\0\0\0'),
  'a PDF document': latin1('%PDF-1.7\n'),
  'an HDF5 file (Keras, PyTables)': latin1('\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0'),
  'a MATLAB file': latin1('MATLAB 5.0 MAT-file, Platform: GLNXA64'),
  'a Parquet file': latin1('PAR1\x15\x04\x15\x10\x15\x14L\x15'),
  'a SQLite database': latin1('SQLite format 3\0\x10\0\x01\x01'),
  'a GGUF model': latin1('GGUF\x03\0\0\0\x10\0\0\0'),
  'an ONNX model': latin1('\x08\x08\x12\x07pytorch\x1a\x061.13.1'),
  'a Python pickle': latin1('\x80\x04K\x01.'),
  'compressed with bzip2': latin1('BZh91AY&SY\0\0\0\0\0'),
  'compressed with xz': latin1('\xfd7zXZ\0\0\x04\xe6\xd6'),
  'compressed with gzip': gzipSync('a,b\n1,2\n'),
};

const readers: Record<string, { read: (path: string) => unknown; own: readonly string[]; expected: string }> =
  {
    loadTorch: {
      read: (path) => io.loadTorch(path),
      own: ['a PyTorch file (.pt)', 'a Python pickle'],
      expected: 'a PyTorch file (.pt)',
    },
    loadSafetensors: {
      read: io.loadSafetensors,
      own: ['a safetensors file'],
      expected: 'a safetensors file',
    },
    loadNpy: { read: io.loadNpy, own: ['a .npy file'], expected: 'a .npy file' },
    loadNpz: {
      read: io.loadNpz,
      own: ['a NumPy archive (.npz)'],
      expected: 'a NumPy archive (.npz)',
    },
    readIdx: { read: readIdx, own: ['compressed with gzip'], expected: 'an IDX file' },
    readCsv: {
      read: (path) => readCsv(path),
      own: ['compressed with gzip'],
      expected: 'a text table (CSV)',
    },
    readImage: {
      read: (path) => readImage(path),
      own: ['a PNG image', 'a JPEG image', 'a BMP image', 'a Netpbm image'],
      expected: 'an image',
    },
  };

describe.each(Object.entries(readers))('%s names', (operation, { read, own, expected }) => {
  test.each(Object.keys(kinds).filter((kind) => !own.includes(kind)))('%s', async (kind) => {
    const made = kinds[kind]!;
    const path = join(folder, 'file');
    writeFileSync(path, typeof made === 'function' ? await made() : made);
    const error = await (async () => read(path))().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toContain(`${operation}: ${path}, byte 0: is ${kind}, not ${expected}`);
  });
});

test('what was unpacked is told, too', async () => {
  const path = join(folder, 'page.gz');
  writeFileSync(path, gzipSync('<html><body>Not found</body></html>'));
  expect(() => readIdx(path)).toThrow(
    'is a web page (HTML), not an IDX file; the address leads to a web page',
  );
  await expect(readCsv(path)).rejects.toThrow('is a web page (HTML), not a text table (CSV)');
});

test('text is quoted where bytes are expected', () => {
  const path = join(folder, 'text');
  writeFileSync(path, '404: Not Found\nmore');
  for (const [read, expected] of [
    [io.loadTorch, 'a PyTorch file (.pt)'],
    [io.loadSafetensors, 'a safetensors file'],
    [io.loadNpy, 'a .npy file'],
    [io.loadNpz, 'a NumPy archive (.npz)'],
  ] as const)
    expect(() => read(path)).toThrow(`byte 0: is text that begins "404: Not Found", not ${expected}`);
});

test('columns with the names of formats are columns', async () => {
  const path = join(folder, 'names.csv');
  for (const name of ['PAR1', 'GGUF', 'GIF89a', 'BM', 'P6', 'MZ', 'ARROW1', 'PK']) {
    writeFileSync(path, `${name},b\n1,2\n`);
    expect((await readCsv(path)).names).toEqual([name, 'b']);
  }
});
