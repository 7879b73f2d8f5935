import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { rand, type Tensor } from '../../src/index.js';
import { readImage, writeImage } from '../../src/vision/index.js';
import { buildCommand, myelin, smallDigits } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-inspect-'));
/** An image with a border of one value. */
const framed = (image: Tensor, border: number): Tensor => F.pad(image, [6, 6, 6, 6], { value: border });

const at = (name: string): string => join(folder, name);
let data: string;

beforeAll(async () => {
  buildCommand();
  data = smallDigits(at('digits'));
  await writeImage(at('photo.png'), framed(rand([3, 40, 60]), 0));
  await writeImage(at('ink.png'), framed(rand([1, 28, 28]).mul(0.5), 1));
  const lenet = ['train', 'lenet5', '--data', data, '--epochs', '1', '--out', at('run'), '--quiet'];
  expect((await myelin(lenet)).code).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('one picture with all, of an image of the data and of a file', async () => {
  const found = await myelin(['inspect', at('run'), 'test:3']);
  expect([found.stderr, found.code]).toEqual(['', 0]);
  expect(found.stdout).toMatch(/^class: \d \(\d+\.\d %\), labeled \d$/m);
  const svg = readFileSync(join(at('run'), 'inspect-test-3.svg'), 'utf8');
  for (const part of [
    'saliency',
    'SmoothGrad',
    'Grad-CAM',
    'occlusion',
    'Filters of conv1',
    'excite',
    'data: MNIST',
  ])
    expect(svg).toContain(part);
  expect(svg).toMatch(/>(\d+\.\d|<0\.1|&lt;0\.1|>99\.9|&gt;99\.9) %</);
  expect(existsSync(join(at('run'), 'inspect-test-3.png'))).toBe(true);

  const file = await myelin([
    ...[
      'inspect',
      at('run'),
      at('photo.png'),
      '--class',
      '4',
      '--layer',
      'conv1',
      '--out',
      at('picture'),
      '--quiet',
    ],
  ]);
  expect([file.stderr, file.code]).toEqual(['', 0]);
  expect(file.stdout).toMatch(/^class: \d \(\d+\.\d %\)\n$/);
  expect(readFileSync(at('picture.svg'), 'utf8')).toContain('Where it looks for 4');
}, 60_000);

test('of a file that is dark on light where the data are light on dark one line warns; --invert turns it', async () => {
  const dark = 'is dark on light, but the training images are light on dark: use --invert';
  const twice = 'is dark on light once inverted, but the training images are light on dark: drop --invert';
  const commands = [
    ['predict', at('run')],
    ['inspect', at('run'), '--out', at('ground')],
  ];
  for (const command of commands)
    for (const [words, warning] of [
      [[at('ink.png')], `warning: ${at('ink.png')} ${dark}\n`],
      [[at('ink.png'), '--invert'], ''],
      [[at('photo.png')], ''],
      [[at('photo.png'), '--invert'], `warning: ${at('photo.png')} ${twice}\n`],
      [['test:1', '--invert'], ''],
    ] as const) {
      const found = await myelin([...command, ...words, '--quiet']);
      expect([found.stderr, found.code]).toEqual([warning, 0]);
    }
  const late = await myelin(['predict', at('run'), at('ink.png'), '--engine', 'reference', '--quiet']);
  expect([late.stderr, late.code]).toEqual([`warning: ${at('ink.png')} ${dark}\n`, 0]);
  const answer = async (...words: string[]): Promise<string> =>
    (await myelin(['predict', at('run'), ...words, '--top', '10', '--quiet'])).stdout.replace(/^\S+/, '');
  await writeImage(at('turned.png'), (await readImage(at('ink.png'), { mode: 'L' })).bitwiseNot());
  expect(await answer(at('ink.png'), '--invert')).toBe(await answer(at('turned.png')));
}, 120_000);

test("what can't be inspected", async () => {
  const cases: [number, string[], RegExp][] = [
    [2, ['test:9999'], /test:9999 isn't an image of the test data; the images are test:0 to test:\d+/],
    [2, ['test:'], /test: isn't an image of the test data/],
    [2, ['test:1', '--class', 'cat'], /there's no class 'cat'; the classes are 0, 1, 2/],
    [1, ['test:1', '--layer', 'conv9'], /there's no module 'conv9'; did you mean 'conv1'\?/],
    [1, ['none.png'], /FileError: none\.png: no such file/],
  ];
  await Promise.all(
    cases.map(async ([code, args, message]) => {
      const found = await myelin(['inspect', at('run'), ...args]);
      expect([found.code, found.stderr]).toEqual([code, expect.stringMatching(message)]);
    }),
  );
}, 60_000);

test('a run of a recipe without a network for images, and one without a checkpoint', async () => {
  expect((await myelin(['train', 'kernels', '--out', at('kernels'), '--quiet', '--no-test'])).code).toBe(0);
  const found = await myelin(['inspect', at('kernels'), 'test:0']);
  expect([found.code, found.stderr]).toEqual([2, "error: 'kernels' has no network for images to inspect\n"]);
  rmSync(join(at('run'), 'checkpoints'), { recursive: true });
  const early = await myelin(['inspect', at('run'), 'test:0']);
  expect([early.code, early.stderr]).toEqual([
    1,
    expect.stringMatching(/^FileError: .*has no checkpoint yet/),
  ]);
  const help = await myelin(['train', 'kernels', '--help']);
  expect(help.stdout).toMatch(/--image <file> +picture to filter \(default: one that Myelin draws\)/);
}, 60_000);
