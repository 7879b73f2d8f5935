import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildCommand } from '../cli/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('examples run as the README says', () => {
  buildCommand();
  const [line] = /^npm run example .*$/m.exec(readFileSync(`${root}README.md`, 'utf8'))!;
  const { status, stdout, stderr } = spawnSync(line, { cwd: root, shell: true, encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^step 150: loss 0\.00/m);
}, 120_000);

test.each([
  [[], ''],
  [['xo'], "there's no example 'xo'\n"],
])('npm run example %j lists what there is', (words, problem) => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/example.mjs', ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `${problem}npm run example NAME, where NAME is one of: second-derivative, xor\n`,
  });
});

test('examples/xor.ts learns exclusive or', async () => {
  const { answers } = await import('../../examples/xor.js');
  expect((answers as number[][]).map(([p]) => Math.round(p!))).toEqual([0, 1, 1, 0]);
});

test('examples/second-derivative.ts finds the minimum', async () => {
  const { minimum } = await import('../../examples/second-derivative.js');
  expect(4 * minimum ** 3 - 6 * minimum + 1).toBeCloseTo(0, 4);
});
