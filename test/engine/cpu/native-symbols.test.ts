import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const script = new URL('../../../scripts/build/native.mjs', import.meta.url).href;
const { allSets, objectsOf } = (await import(script)) as {
  readonly allSets: readonly string[];
  objectsOf(set: string): Promise<string[]>;
};
const sets = process.arch === 'x64' ? allSets : [];
const objects = new Map<string, string[]>();
for (const set of sets) objects.set(set, await objectsOf(set));
const present =
  sets.length > 0 &&
  [...objects.values()].flat().every((file) => existsSync(file)) &&
  spawnSync('nm', ['--version']).status === 0;

/**
 * Defined symbols of which the linker keeps one copy for all three builds. One without the build's
 * namespace in its name could be AVX-512 code that the baseline then calls.
 */
function sharedSymbols(isa: string): string[] {
  const { stdout } = spawnSync('nm', ['--format=posix', ...objects.get(isa)!], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const tag = `${isa.length}${isa}`;
  return stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name, kind]) => name && kind && 'TDBRWVu'.includes(kind) && !name.includes(tag))
    .map(([name]) => name!);
}

describe.runIf(present)('symbols of the native build', () => {
  for (const isa of sets) {
    it(`${isa}: everything that is linked by name lies in the namespace ${isa}`, () => {
      expect(objects.get(isa)!.length).toBeGreaterThan(1);
      expect(sharedSymbols(isa)).toEqual([]);
    });
  }
});

describe.skipIf(present)('symbols of the native build', () => {
  it.skip('needs the three builds of an x64 processor and binutils (nm)', () => {});
});
