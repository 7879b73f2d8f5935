import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileError } from '../../src/core/errors.js';
import { makeFolder, writeFileAtomic } from '../../src/host/node/write.js';

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

test("a link to a file that isn't there yet makes that file, a circle of links is an error", () => {
  mkdirSync(join(folder, 'sub'));
  symlinkSync('sub', join(folder, 'way'));
  symlinkSync('../real', join(folder, 'sub', 'second'));
  symlinkSync('way/second', join(folder, 'first'));
  writeFileAtomic(join(folder, 'first'), 'new');
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  expect(lstatSync(join(folder, 'first')).isSymbolicLink()).toBe(true);
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(() => writeFileAtomic(join(folder, 'a'), 'x')).toThrow('a: the links lead in a circle; nothing was');
});

test('permissions stay', () => {
  const path = join(folder, 'a.bin');
  for (const mode of [0o600, 0o640, 0o755]) {
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    writeFileAtomic(path, 'new');
    expect(statSync(path).mode & 0o7777).toBe(mode);
    rmSync(path);
  }
  writeFileAtomic(path, 'first');
  expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
});

test.skipIf(process.getuid?.() === 0)('a write-protected file is left alone', () => {
  const path = join(folder, 'a.bin');
  writeFileSync(path, 'old', { mode: 0o444 });
  expect(() => writeFileAtomic(path, 'new')).toThrow('permission denied; the old file is unchanged');
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('a name of 255 bytes', () => {
  const path = join(folder, 'x'.repeat(255));
  writeFileAtomic(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a device is written to, not replaced', () => {
  const before = statSync('/dev/null');
  writeFileAtomic('/dev/null', 'x');
  expect(statSync('/dev/null')).toMatchObject({ ino: before.ino, mode: before.mode });
});

test.skipIf(!existsSync('/dev/full'))('a device that is full is one line', () => {
  expect(() => writeFileAtomic('/dev/full', 'x')).toThrow(
    'writeFileAtomic: /dev/full: the disk is full; not all of it was written',
  );
});

test("the name of a folder isn't a name of a file, nor is an empty one", () => {
  const message = 'is the name of a folder; name a file in it';
  for (const path of [folder, `${folder}/`, join(folder, 'new/')])
    expect(() => writeFileAtomic(path, 'x')).toThrow(
      new FileError('writeFileAtomic', path, 'EISDIR', message),
    );
  expect(() => writeFileAtomic('', 'x')).toThrow(
    "writeFileAtomic: path must be a path, a string that isn't empty, got ''",
  );
  expect(readdirSync(folder)).toEqual([]);
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
  // /dev/full takes no byte; its own folder can't be written as a user, so the error is one or the other.
  expect(() => writeFileAtomic('/dev/full/a', 'x')).toThrow(
    /a part of the path isn't a folder|permission denied/,
  );
});

test('folders are made with those above them', () => {
  const path = join(folder, 'a', 'b', 'c');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
  symlinkSync('a', join(folder, 'link'));
  makeFolder(join(folder, 'link', 'd'));
  expect(statSync(join(folder, 'a', 'd')).isDirectory()).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow(`makeFolder: ${folder}/file: exists already`);
  expect(() => makeFolder(join(folder, 'file', 'x', 'y'))).toThrow("a part of the path isn't a folder");
});

test("a folder that can't be made is an error, not an endless loop", () => {
  const code = `
    import { makeFolder } from ${JSON.stringify(new URL('../../src/host/node/write.ts', import.meta.url).pathname)};
    import { mkdirSync, rmdirSync } from 'node:fs';
    mkdirSync(process.argv[1]); process.chdir(process.argv[1]); rmdirSync(process.argv[1]);
    for (const path of ['runs/a/b', 'runs', '', '/proc/none/a'])
      try { makeFolder(path); console.log('made ' + path); } catch (error) { console.log(error.message); }`;
  const bundle = buildSync({
    stdin: { contents: code, resolveDir: folder, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  }).outputFiles[0]!.text;
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', bundle, join(folder, 'gone')],
    { encoding: 'utf8', timeout: 20_000 },
  );
  expect(stdout.trim().split('\n')).toEqual(
    ['runs/a/b', 'runs', '', '/proc/none/a'].map((path) => `makeFolder: ${path}: no such file or folder`),
  );
});
