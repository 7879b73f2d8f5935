import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const objects = path.resolve(import.meta.dirname, '../../build/Release/obj.target');
const present =
  existsSync(path.join(objects, 'kernels_avx512')) && spawnSync('nm', ['--version']).status === 0;

/** Every object file below a folder. */
function objectFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.o'))
    .map((name) => path.join(folder, name));
}

/**
 * Defined symbols of which the linker keeps one copy for all three builds. One without the build's
 * namespace in its name could be AVX-512 code that the baseline then calls.
 */
function sharedSymbols(isa: string): string[] {
  const { stdout } = spawnSync(
    'nm',
    ['--format=posix', ...objectFiles(path.join(objects, `kernels_${isa}`))],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const tag = `${isa.length}${isa}`;
  return stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name, kind]) => name && kind && 'TDBRWVu'.includes(kind) && !name.includes(tag))
    .map(([name]) => name!);
}

describe.runIf(present)('symbols of the native build', () => {
  for (const isa of ['baseline', 'avx2', 'avx512']) {
    it(`${isa}: everything that is linked by name lies in the namespace ${isa}`, () => {
      expect(objectFiles(path.join(objects, `kernels_${isa}`)).length).toBeGreaterThan(1);
      expect(sharedSymbols(isa)).toEqual([]);
    });
  }
});

describe.skipIf(present)('symbols of the native build', () => {
  it.skip('needs the three builds of an x64 processor and binutils (nm)', () => {});
});
