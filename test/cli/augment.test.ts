import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rand } from '../../src/index.js';
import { transforms, writeImage } from '../../src/vision/index.js';
import { buildCommand, myelin } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
beforeAll(buildCommand, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('draws every transform, by default of a drawn image', async () => {
  const { code, stdout, stderr } = await myelin(['augment', '--out', 'all.svg'], { cwd: folder });
  expect([code, stdout, stderr]).toEqual([0, 'picture: all.svg\n', '']);
  const svg = readFileSync(join(folder, 'all.svg'), 'utf8');
  const names = Object.values(transforms)
    .filter((value) => typeof value === 'function' && value.prototype instanceof transforms.Transform)
    .map(({ name }) => name)
    .filter((name) => name !== 'FixedTransform');
  expect(names).toEqual(expect.arrayContaining(['Compose', 'ElasticTransform', 'ToTensor']));
  for (const name of names) expect(svg).toContain(`>${name}</text>`);
});

test('of a file, by its seed', async () => {
  await writeImage(join(folder, 'wide.jpg'), rand([3, 40, 90]));
  const drawn = async (seed: string, ...out: string[]): Promise<Buffer> => {
    const { stdout } = await myelin(['augment', 'wide.jpg', '--seed', seed, ...out], { cwd: folder });
    expect(stdout).toBe(`picture: ${out[1] ?? 'augment.png'}\n`);
    return readFileSync(join(folder, out[1] ?? 'augment.png'));
  };
  const [first, again, other] = [await drawn('1'), await drawn('1', '--out', 'b.png'), await drawn('2')];
  expect(first.equals(again)).toBe(true);
  expect(first.equals(other)).toBe(false);
});

test('what goes wrong is said', async () => {
  writeFileSync(join(folder, 'text.png'), 'this is text');
  const failed = await myelin(['augment', 'text.png'], { cwd: folder });
  expect([failed.code, failed.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^FileFormatError: text.png, byte 0: is text that begins "this is text", not an image/,
    ),
  ]);
  const ending = await myelin(['augment', '--out', 'a.jpg'], { cwd: folder });
  expect(ending.stderr).toMatch(
    /^error: option '--out <file>' argument 'a\.jpg' is invalid\. It must end in \.png or \.svg\.\n/,
  );
  expect(ending.code).toBe(2);
});
