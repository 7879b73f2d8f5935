import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countTokens, readLines, readTokens } from '../../src/text/index.js';
import { patient } from './watch.js';

/** Megabytes of the file; more than what reading it may take. */
const SIZE = Number(process.env.MYELIN_TEXT_MB ?? 192);
/** Most megabytes that the process may grow. */
const ROOM = 120;

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
  path = join(folder, 'large.txt');
  const lines = Array.from({ length: 9973 }, (_, i) =>
    Array.from({ length: 16 }, (_, k) => `word${(i * 31 + k * k * 17) % 5000}`).join(' '),
  );
  const block = `${lines.join('\n')}\n`;
  const file = openSync(path, 'w');
  for (let bytes = 0; bytes < SIZE * 2 ** 20; ) bytes += writeSync(file, block);
  closeSync(file);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How many megabytes the process grows at most while something is read. */
async function growth(read: (look: () => void) => Promise<void>): Promise<number> {
  const resident = (): number => process.memoryUsage.rss() / 2 ** 20;
  const before = resident();
  let peak = before;
  await read(() => {
    peak = Math.max(peak, resident());
  });
  return peak - before;
}

test('lines of a large file are read in little memory', patient, async () => {
  let count = 0;
  const grown = await growth(async (look) => {
    for await (const _ of readLines(path)) if (++count % 20_000 === 0) look();
  });
  console.log(`${count} lines of ${SIZE} MB: ${grown.toFixed(0)} MB`);
  expect(grown).toBeLessThan(ROOM);
});

test('tokens of a large file are counted in little memory', patient, async () => {
  const grown = await growth(async (look) => {
    let lists = 0;
    async function* watched(): AsyncGenerator<readonly string[]> {
      for await (const tokens of readTokens(path)) {
        if (++lists % 20_000 === 0) look();
        yield tokens;
      }
    }
    expect((await countTokens(watched())).size).toBe(5000);
  });
  console.log(`tokens of ${SIZE} MB: ${grown.toFixed(0)} MB`);
  expect(grown).toBeLessThan(ROOM);
});
