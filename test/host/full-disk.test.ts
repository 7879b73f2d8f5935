import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { FileError } from '../../src/core/errors.js';
import { ones } from '../../src/index.js';
import { saveSafetensors } from '../../src/io/index.js';

/** Bytes that still fit onto the disk. */
let room = 0;

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Uint8Array, offset: number): number {
      const n = Math.min(room, bytes.length - offset, 1000);
      if (n === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device'), {
          code: 'ENOSPC',
          syscall: 'write',
        });
      room -= n;
      return fs.writeSync(descriptor, bytes, offset, n);
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([0, 10, 5000])('a disk that is full after %i bytes leaves nothing half-written', async (bytes) => {
  const path = join(folder, 'model.safetensors');
  room = bytes;
  await expect(saveSafetensors(path, { w: ones([3000]) })).rejects.toThrow(FileError);
  room = bytes;
  await expect(saveSafetensors(path, { w: ones([3000]) })).rejects.toThrow(
    `${path}: the disk is full; nothing was written`,
  );
  expect(readdirSync(folder)).toEqual([]);

  writeFileSync(path, 'old');
  room = bytes;
  await expect(saveSafetensors(path, { w: ones([3000]) })).rejects.toThrow(
    'the disk is full; the old file is unchanged',
  );
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['model.safetensors']]);
  rmSync(path);
});

test('a disk with room, written in small pieces, holds the file', async () => {
  room = 1e6;
  const path = join(folder, 'model.safetensors');
  await saveSafetensors(path, { w: ones([3000]) });
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path).length).toBeGreaterThan(12_000);
  rmSync(path);
});
