import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, smallDigits } from '../cli/command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-figures-'));
const out = join(folder, 'out');
let data: string;
beforeAll(() => {
  buildCommand();
  data = smallDigits(join(folder, 'digits'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command away from the network and other people's data. */
function figures(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const main = fileURLToPath(new URL('../../figures/main.mjs', import.meta.url));
  const env = { ...process.env, MYELIN_OFFLINE: '1', MYELIN_DATA: '', XDG_CACHE_HOME: '/nonexistent' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('a figure is made, tabled, and not made again', () => {
  const made = figures('vision', 'lenet5', '--epochs', '1', '--data', data, '--out', out);
  expect(made.stderr).toBe('');
  expect(made.code).toBe(0);
  const row =
    /^\| LeNet-5, MNIST, no augmentation +\| LeCun et al\. 1998: error 0\.95 % +\| \d+\.\d\d % .*\| >= 99\.05 % +\| not reached +\|$/m;
  expect(made.stdout).toMatch(row);
  expect(readFileSync(join(out, 'figures.md'), 'utf8')).toMatch(row);
  const { figures: rows } = JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8')) as {
    figures: { name: string; measured: string; reached: boolean | null }[];
  };
  expect(rows[0]).toMatchObject({ name: 'lenet5', reached: false });
  expect(rows[1]).toMatchObject({ name: 'lenet5-distortions', measured: 'not made yet', reached: null });
  expect(existsSync(join(out, 'lenet5/train/checkpoints/last.json'))).toBe(true);

  const again = figures('vision', 'lenet5', '--epochs', '1', '--data', data, '--out', out);
  expect(again.stdout).toContain('lenet5/train, 1 of 1: done before');
  expect(again.stdout).not.toContain('test accuracy');
  expect(again.stdout).toMatch(row);
}, 60_000);

test('other options want another folder', () => {
  const { code, stderr } = figures('vision', 'lenet5', '--epochs', '2', '--data', data, '--out', out);
  expect(stderr).toContain('lenet5/train was begun with epochs 1, not 2; take another --out');
  expect(code).toBe(1);
}, 60_000);

test('without the real data nothing is begun', () => {
  const none = join(folder, 'none');
  const { code, stderr } = figures('vision', 'resnet20', '--out', none);
  expect(stderr).toMatch(/^error: .*CIFAR-10.*put cifar-10-binary\.tar\.gz/);
  const named = figures('vision', '--data', data, '--out', none);
  expect(named.stderr).toMatch(/^error: .*put data_batch_1\.bin, .*there/);
  expect([code, named.code, existsSync(none)]).toEqual([1, 1, false]);
}, 60_000);

test("what there is, is listed; what there isn't is an error", () => {
  expect(figures('vision', '--list', '--seeds', '1').stdout).toMatch(
    /resnet20: .*\n {2}source: .*\n {2}reach: .*\n {2}myelin-0: myelin train resnet .*\n {2}pytorch-0: python3 figures\/cifar_resnet\.py /,
  );
  const { code, stderr } = figures('vision', 'alexnet');
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("error: there's no figure 'alexnet'; there are lenet5, lenet5-distortions,"),
  ]);
  expect(figures('poetry').code).toBe(1);
}, 60_000);

test('a figure names the files that its recipes read', () => {
  const { stdout } = figures('text', '--list', '--folds', '5', '--seeds', '1');
  expect(stdout).toMatch(/ {2}train: myelin train sentiment --dataset rt-polarity --model cnn --folds 5 /);
  expect(stdout).toMatch(/ {2}gensim-0: python3 figures\/word2vec_gensim\.py .*--pairs EN-WS-353-ALL\.txt /);
  const { code, stderr } = figures('text', 'word2vec', '--data', data, '--out', join(folder, 'none'));
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*warandpeace\.txt/)]);
}, 60_000);
