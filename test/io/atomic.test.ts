import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileError } from '../../src/core/errors.js';
import { writeFileAtomic } from '../../src/io/atomic.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('replaces a file and leaves nothing beside it', () => {
  const path = join(folder, 'a.json');
  writeFileAtomic(path, 'old');
  writeFileAtomic(path, [Uint8Array.of(0x6e, 0x65), Uint8Array.of(0x77)]);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

test('content that fails half-way leaves the old file', () => {
  const path = join(folder, 'a.bin');
  writeFileAtomic(path, 'old');
  function* chunks(): Generator<Uint8Array> {
    yield new Uint8Array(100_000);
    throw new RangeError('half-way');
  }
  expect(() => writeFileAtomic(path, chunks())).toThrow('half-way');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a.bin']);
});

test('a link is written through', () => {
  writeFileSync(join(folder, 'real'), 'old');
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  writeFileAtomic(join(folder, 'link'), 'new');
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
});

test('a missing folder and a folder in the way are FileErrors', () => {
  const missing = join(folder, 'no', 'a.bin');
  expect(() => writeFileAtomic(missing, 'x')).toThrow(FileError);
  expect(() => writeFileAtomic(missing, 'x')).toThrow(
    `${missing}: no such file or folder; nothing was written`,
  );
  mkdirSync(join(folder, 'sub'));
  expect(() => writeFileAtomic(join(folder, 'sub'), 'x')).toThrow(FileError);
  expect(readdirSync(folder)).toEqual(['sub']);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is named', () => {
  // /dev/full takes no byte; its own folder cannot be written as a user, so the error is one or the other.
  expect(() => writeFileAtomic('/dev/full/a', 'x')).toThrow(
    /a part of the path is not a folder|permission denied/,
  );
});
