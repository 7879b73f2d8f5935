import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, myelin, smallDigits } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-search-'));
let data: string;

beforeAll(() => {
  buildCommand();
  data = smallDigits(join(folder, 'digits'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const trialsOf = (run: string): { trial: number; parameters: Record<string, number>; value: number }[] =>
  readFileSync(join(run, 'trials.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.trial - b.trial);

test('a search tries, resumes after Ctrl-C, and ends with the best, a table and a picture', async () => {
  const ranges = ['--lr', 'log:1e-4..1e-2', '--batch-size', '16,32', '--epochs', '1', '--trials', '4'];
  const run = join(folder, 'run');
  const args = ['search', 'lenet5', '--data', data, ...ranges];
  const stopped = await myelin([...args, '--workers', '2', '--out', run], {
    onOutput: (text) => (/^1\/4 /m.test(text) ? 'SIGINT' : undefined),
  });
  expect(stopped.stderr).toBe('');
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toContain(`continue with: myelin search lenet5 --resume ${run}`);
  const before = trialsOf(run).length;
  expect(before).toBeLessThan(4);

  const { code, stdout, stderr } = await myelin(['search', 'lenet5', '--resume', run, '--workers', '2']);
  expect([stderr, code]).toEqual(['', 0]);
  const trials = trialsOf(run);
  expect(trials.map(({ trial }) => trial)).toEqual([0, 1, 2, 3]);
  const best = Math.max(...trials.map(({ value }) => value));
  expect(stdout).toMatch(/^trial +batch-size +lr +accuracy +seconds$/m);
  expect(stdout).toMatch(
    /^to train it on all the data: myelin train lenet5 --epochs 1 --batch-size \d+ --lr [\d.e-]+$/m,
  );
  expect(stdout.trimEnd().split('\n').at(-1)).toContain(`best accuracy: ${best.toFixed(4)} (trial `);
  for (const name of ['trials.svg', 'trials.png', 'result.json'])
    expect(existsSync(join(run, name))).toBe(true);
  expect(readdirSync(run).filter((name) => name.startsWith('trial-'))).toHaveLength(4);
  expect(existsSync(join(run, 'trial-000', 'result.json'))).toBe(false);

  const refused = async (...more: string[]): Promise<string> => {
    const { code, stderr } = await myelin(['search', '--resume', run, ...more]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('--trials', '2')).toContain(
    "error: the resumed search has --trials 4; it can't continue with 2, only with more",
  );
  expect(await refused('--method', 'halving')).toContain(
    "has --method random; it can't continue with halving",
  );
  expect(await refused('--augment', 'on')).toContain("--augment at its default; it can't continue with on");
  const more = await myelin(['search', '--resume', run, '--trials', '5', '--quiet']);
  expect([more.stderr, more.code]).toEqual(['', 0]);
  expect(trialsOf(run)).toHaveLength(5);
  expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toMatchObject({ trials: 5 });
}, 120_000);

test('the help of a search says what share a search keeps back', async () => {
  const shareOf = async (recipe: string): Promise<string | undefined> =>
    /--validation <range> .*?\(default:\s+([\d.]+)\)/s.exec(
      (await myelin(['search', recipe, '--help'])).stdout,
    )?.[1];
  expect([await shareOf('lenet5'), await shareOf('resnet')]).toEqual(['0.1', '0.05']);
});

test("what can't be searched is said, with exit code 2", async () => {
  const complain = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await myelin(['search', ...args]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await complain('lenet6')).toContain("did you mean 'lenet5'");
  expect(await complain('lenet5')).toContain('nothing to search: give a range');
  expect(await complain('lenet5', '--lr', '1e-1..1e-4')).toMatch(
    /[^:] A range needs a lower and a higher bound; got 0\.1 and 0\.0001\.\n/,
  );
  expect(await complain('lenet5', '--lr', '0..1')).toContain('It must be a positive number');
  expect(await complain('lenet5', '--batch-size', '32,0')).toContain('whole number of at least 1');
  expect(await complain('lenet5', '--lr', '0.1..1@optimizer=sgd')).toContain("There's no option optimizer");
  expect(await complain('lenet5', '--trials', '0', '--lr', '1,2')).toContain('whole number of at least 1');
});

test('if every trial fails, the first reason is given', async () => {
  const run = join(folder, 'failing');
  const { code, stderr } = await myelin([
    ...[
      'search',
      'lenet5',
      '--data',
      join(folder, 'nowhere'),
      '--lr',
      '0.1,0.2',
      '--method',
      'grid',
      '--out',
      run,
    ],
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/all 2 trials failed, the first with: .*no such folder/);
}, 60_000);
