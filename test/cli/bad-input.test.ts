import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand, myelin, smallDigits } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-bad-'));
const at = (...parts: string[]): string => join(folder, ...parts);
let data: string;
let copies = 0;

beforeAll(async () => {
  buildCommand();
  data = smallDigits(at('digits'));
  const { code } = await myelin([
    'train',
    'lenet5',
    '--data',
    data,
    '--epochs',
    '1',
    '--out',
    at('run'),
    '--quiet',
  ]);
  expect(code).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of a folder, changed. */
function damaged(from: string, change: (copy: string) => void): string {
  const copy = at(`copy-${copies++}`);
  cpSync(from, copy, { recursive: true });
  change(copy);
  return copy;
}

/** What a command that must fail with this code says: an error, what to do, and no stack. */
async function complaint(code: number, ...args: string[]): Promise<string> {
  const found = await myelin(args);
  expect({ args, code: found.code, stderr: found.stderr }).toMatchObject({ code });
  expect(found.stderr).not.toMatch(/\n {4}at /);
  expect(found.stdout).not.toMatch(/test accuracy/);
  return found.stderr;
}

const checkpoint = (run: string): string => join(run, 'checkpoints', 'last.json');
const tensorsOf = (run: string): string =>
  join(
    run,
    'checkpoints',
    readdirSync(join(run, 'checkpoints')).find((name) => name.endsWith('.safetensors'))!,
  );
const edited = (path: string, from: string | RegExp, to: string): void =>
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));

test('damaged checkpoints', async () => {
  const evaluated = (change: (run: string) => void): Promise<string> =>
    complaint(1, 'eval', damaged(at('run'), change));
  expect(await evaluated((run) => writeFileSync(checkpoint(run), '{"format"'))).toMatch(
    /last\.json.*not JSON/,
  );
  expect(await evaluated((run) => writeFileSync(checkpoint(run), '{"a": 1}'))).toMatch(
    /not a Myelin checkpoint/,
  );
  expect(await evaluated((run) => edited(checkpoint(run), '"version": 1', '"version": 7'))).toMatch(
    /has version 7/,
  );
  expect(await evaluated((run) => truncateSync(tensorsOf(run), 1000))).toMatch(
    /FileFormatError: .*safetensors/,
  );
  expect(await evaluated((run) => rmSync(tensorsOf(run)))).toMatch(/FileError: .*safetensors: no such file/);
  expect(
    await evaluated((run) => edited(checkpoint(run), /"tensors": "[^"]*"/, '"tensors": "../x"')),
  ).toMatch(/outside its folder/);
  expect(await evaluated((run) => edited(checkpoint(run), 'conv1.weight', 'conv9.weight'))).toMatch(
    /conv9\.weight/,
  );
  expect(await evaluated((run) => rmSync(join(run, 'checkpoints'), { recursive: true }))).toMatch(
    /has no checkpoint yet/,
  );
  expect(await evaluated((run) => writeFileSync(join(run, 'config.json'), '[]'))).toMatch(/config/);
  expect(await evaluated((run) => edited(checkpoint(run), '"batchInEpoch"', '"batch"'))).toMatch(
    /ArgumentError: loadState: this isn't a trainer's state/,
  );
  expect(await evaluated((run) => edited(checkpoint(run), '"scheduler"', '"schedule"'))).toMatch(
    /the state has no scheduler, this trainer has one scheduler/,
  );
  const another = damaged(at('run'), (run) => edited(join(run, 'config.json'), '"lenet5"', '"xor"'));
  expect(await complaint(2, 'train', 'lenet5', '--resume', another)).toMatch(
    /is a run of 'xor', not 'lenet5'/,
  );
  expect(await complaint(1, 'eval', another)).toMatch(
    /ArgumentError: study: this isn't the state of a study/,
  );
  const other = damaged(at('run'), (run) => edited(join(run, 'config.json'), '"lenet5"', '"lenet6"'));
  expect(await complaint(2, 'eval', other)).toMatch(/no recipe 'lenet6'; did you mean 'lenet5'/);
}, 60_000);

test('damaged data', async () => {
  const trained = (change: (copy: string) => void): Promise<string> =>
    complaint(
      1,
      'train',
      'lenet5',
      '--data',
      damaged(data, change),
      '--epochs',
      '1',
      '--out',
      at(`out-${copies}`),
    );
  expect(await trained((copy) => rmSync(join(copy, 't10k-labels-idx1-ubyte')))).toMatch(
    /doesn't have all of MNIST; put t10k-labels-idx1-ubyte\.gz there/,
  );
  expect(await trained((copy) => truncateSync(join(copy, 'train-images-idx3-ubyte'), 5000))).toMatch(
    /FileFormatError: .*train-images/,
  );
  expect(
    await trained((copy) => writeFileSync(join(copy, 'train-labels-idx1-ubyte'), 'hello, world')),
  ).toMatch(/FileFormatError: .*train-labels/);
  const wrongLabel = (copy: string): void => {
    const path = join(copy, 'train-labels-idx1-ubyte');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = 77;
    writeFileSync(path, bytes);
  };
  expect(await trained(wrongLabel)).toMatch(/77/);
}, 60_000);

test('impossible hyper-parameters', async () => {
  const refused = (...flags: string[]): Promise<string> =>
    complaint(2, 'train', 'lenet5', '--data', data, ...flags);
  expect(await refused('--lr', 'NaN')).toContain('It must be a positive number');
  expect(await refused('--lr', '')).toContain('It must be a positive number');
  expect(await refused('--epochs', '0')).toContain('whole number of at least 1');
  expect(await refused('--epochs', '1e99')).toContain('whole number');
  expect(await refused('--checkpoint-every', '0')).toContain('whole number of at least 1');
  expect(await refused('--batch-size', '0')).toContain('whole number of at least 1');
  expect(await refused('--seed', '-1')).toContain('whole number of at least 0');
  expect(await refused('--threads', '0')).toContain('whole number of at least 1');
  expect(await refused('--validation', '0.9')).toContain('at most 0.5');
}, 60_000);

test('a loss that turns NaN says where and what to do', async () => {
  const stderr = await complaint(
    ...([1, 'train', 'lenet5', '--data', data, '--lr', '1e20', '--epochs', '3', '--out', at('nan')] as const),
  );
  expect(stderr).toMatch(/^NonFiniteError: fit: .*(NaN|Infinity|infinite) at step \d+$/m);
  expect(stderr).toMatch(/^ {2}cause: \w+ \(\w+\): forward made (a NaN|-?Infinity) in a float32 tensor \[/m);
  expect(stderr).toMatch(/smaller learning rate/);
}, 60_000);

test("places that can't be written", async () => {
  writeFileSync(at('file'), '');
  expect(await complaint(1, 'train', 'lenet5', '--data', data, '--out', at('file', 'run'))).toMatch(
    /FileError: .*file/,
  );
  expect(await complaint(1, 'train', 'lenet5', '--data', data, '--out', '/sys/myelin')).toMatch(
    /FileError: .*\/sys/,
  );
}, 60_000);
