import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineInfo } from '../../src/index.js';
import { loadSafetensors } from '../../src/io/index.js';
import { buildCommand, main, myelin, smallDigits } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
const at = (...parts: string[]): string => join(folder, ...parts);
let data: string;

beforeAll(() => {
  buildCommand();
  data = smallDigits(at('digits'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;
const metricsOf = (run: string): Record<string, unknown>[] =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const {
        seconds: _time,
        samplesPerSecond: _speed,
        ...rest
      } = JSON.parse(line) as Record<string, unknown>;
      return rest;
    });

/** All weights of a run's last checkpoint. */
function weightsOf(run: string): Record<string, number[]> {
  const file = readdirSync(join(run, 'checkpoints')).find((name) => name.endsWith('.safetensors'))!;
  const tensors = loadSafetensors(join(run, 'checkpoints', file));
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, [...t.dataSync()]]));
}

const result = /^test accuracy: \d{1,3}\.\d\d %$/;

test('list and info', async () => {
  const list = await myelin(['list']);
  expect([list.code, list.stdout]).toEqual([0, expect.stringMatching(/^ +lenet5 +3\.9 +LeNet-5/m)]);
  const info = await myelin(['info', '--threads', '1']);
  expect(info.stdout).toMatch(/^engine +(native|wasm)$/m);
  expect(info.stdout).toMatch(/^threads +1$/m);
  const { native, wasm } = engineInfo().kernels;
  for (const [row, { built, missing }] of Object.entries({
    'native kernels': native,
    'wasm modules': wasm,
  })) {
    const line = info.stdout.split('\n').find((text) => text.startsWith(row))!;
    for (const name of [...built, ...missing]) expect(line).toContain(name);
    expect(line.includes('npm run build -- --all adds')).toBe(missing.length > 0);
  }
  expect((await myelin(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('train leaves a run folder behind and ends with the result', async () => {
  const run = at('first');
  const { code, stdout } = await myelin(['train', 'lenet5', '--data', data, '--epochs', '2', '--out', run]);
  expect(code).toBe(0);
  expect(lastLine(stdout)).toMatch(result);
  expect(stdout).toMatch(/^data +MNIST: 640 images to train on, 200 to test on$/m);
  expect(stdout).toMatch(
    /^epoch 1\/2 {2}loss \d\.\d{4} {2}accuracy \d+\.\d\d % {2}\d+\.\d s {2}[\d,]+ samples\/s$/m,
  );
  expect(readdirSync(run).sort()).toEqual([
    'checkpoints',
    'config.json',
    'confusion.png',
    'confusion.svg',
    'curves.png',
    'curves.svg',
    'environment.json',
    expect.stringMatching(/^events\.out\.tfevents\./),
    'metrics.jsonl',
    'mistakes.png',
    'mistakes.svg',
    'result.json',
  ]);
  for (const name of ['confusion', 'curves', 'mistakes'])
    expect(readFileSync(join(run, `${name}.svg`), 'utf8')).toContain('data: MNIST');
  expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toEqual({
    recipe: 'lenet5',
    dataset: 'mnist',
    epochs: 2,
    batchSize: 64,
    lr: 0.002,
    augment: 'off',
    validation: 0,
    seed: 0,
    data,
  });
  expect(metricsOf(run).map((record) => record.step)).toEqual([10, 20, 20]);
  expect(readdirSync(join(run, 'checkpoints')).sort()).toEqual(['last-20.safetensors', 'last.json']);

  const evaluated = await myelin(['eval', run, '--quiet']);
  expect(evaluated.stdout).toBe(`${lastLine(stdout)}\n`);
  const shown = await myelin(['eval', 'lenet5', '--resume', run]);
  expect(lastLine(shown.stdout)).toBe(lastLine(stdout));
  expect(shown.stdout).toMatch(/rows: true class, columns: predicted class/);
});

test('without --out the run goes to runs/RECIPE-TIME, and --quiet shows the result only', async () => {
  const cwd = at('elsewhere');
  mkdirSync(cwd);
  const { stdout, stderr } = await myelin(
    ['train', 'lenet5', '--epochs', '1', '--batch-size', '200', '--lr', '1e-3', '--seed', '7', '--quiet'],
    { cwd, env: { MYELIN_DATA: data } },
  );
  expect([stdout.trimEnd(), stderr]).toEqual([expect.stringMatching(result), '']);
  expect(readdirSync(join(cwd, 'runs'))).toEqual([expect.stringMatching(/^lenet5-\d{8}-\d{6}$/)]);
});

test('stopped by Ctrl-C or killed, and resumed, ends with the same bits', async () => {
  const options = ['--data', data, '--epochs', '30', '--batch-size', '16', '--checkpoint-every', '7'];
  const through = await myelin(['train', 'lenet5', ...options, '--out', at('through')]);
  expect(through.code).toBe(0);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const run = at(signal);
    const stopped = await myelin(['train', 'lenet5', ...options, '--out', run], {
      onOutput: (text) => (text.includes('epoch  2/30') ? signal : undefined),
    });
    if (signal === 'SIGINT') {
      expect(stopped.code).toBe(130);
      expect(lastLine(stopped.stdout)).toMatch(
        /^stopped after step \d+; continue with: myelin train lenet5 --resume /,
      );
    } else expect(stopped.code).toBeNull();
    const resumed = await myelin(['train', 'lenet5', '--resume', run, '--checkpoint-every', '7']);
    expect(resumed.stdout).toMatch(/^resume +after step \d+$/m);
    expect(lastLine(resumed.stdout)).toBe(lastLine(through.stdout));
    expect(weightsOf(run)).toEqual(weightsOf(at('through')));
    expect(metricsOf(run)).toEqual(metricsOf(at('through')));
  }
}, 120_000);

test.each<[string, string[], number, RegExp]>([
  [
    'unknown recipe',
    ['train', 'lenet'],
    2,
    /^error: there's no recipe 'lenet'; did you mean 'lenet5'\?\nrecipes: .*lenet5/,
  ],
  ['unknown command', ['trian', 'lenet5'], 2, /unknown command 'trian'[\s\S]*Did you mean train\?/],
  [
    'unknown option',
    ['train', 'lenet5', '--epoch', '3'],
    2,
    /unknown option '--epoch'[\s\S]*Did you mean --epochs\?/,
  ],
  [
    'options before the recipe',
    ['train', '--epochs', '1', 'xor'],
    2,
    /^error: the recipe comes first: myelin train xor --epochs 1\n$/,
  ],
  [
    'options without a recipe',
    ['search', '--trials', '3'],
    2,
    /^error: the recipe comes first: myelin search RECIPE --trials 3\n$/,
  ],
  ['no recipe', ['train'], 2, /which recipe\? run myelin list to see them/],
  [
    'batch of zero',
    ['train', 'lenet5', '--batch-size', '0'],
    2,
    /'0' is invalid\. It must be a whole number of at least 1/,
  ],
  [
    'negative rate',
    ['train', 'lenet5', '--lr', '-0.1'],
    2,
    /'-0\.1' is invalid\. It must be a positive number/,
  ],
  ['half an epoch', ['train', 'lenet5', '--epochs', '0.5'], 2, /must be a whole number/],
  ['engine', ['train', 'lenet5', '--engine', 'gpu'], 2, /must be 'native', 'wasm' or 'reference'/],
  ['out and resume', ['train', 'lenet5', '--resume', 'a', '--out', 'b'], 2, /drop --out/],
  [
    'no data',
    ['train', 'lenet5', '--data', '/nonexistent'],
    1,
    /^FileError: .*\/nonexistent: no such folder; put train-images/,
  ],
  [
    'no run',
    ['train', 'lenet5', '--resume', '/nonexistent'],
    1,
    /config\.json: no such file or folder; is this the folder of a run\?/,
  ],
  ['eval of nothing', ['eval', '/nonexistent'], 1, /is this the folder of a run\?/],
  ['eval of a recipe', ['eval', 'lenet5'], 2, /which run of 'lenet5'\?/],
])('%s', async (_name, args, code, message) => {
  const found = await myelin(args);
  expect(found.code).toBe(code);
  expect(found.stdout).not.toMatch(/accuracy/);
  expect(found.stderr).toMatch(message);
  expect(found.stderr).not.toMatch(/\n {4}at /);
});

test("a run isn't written over, nor resumed as another", async () => {
  const run = at('first');
  const again = await myelin(['train', 'lenet5', '--data', data, '--out', run]);
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringContaining(`already holds a run; resume it with --resume ${run}`),
  ]);
  const other = await myelin(['train', 'lenet5', '--resume', run, '--lr', '0.5']);
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining("has --lr 0.002; it can't continue with 0.5"),
  ]);
});

test('--debug shows where an error arose', async () => {
  const { stderr } = await myelin(['train', 'lenet5', '--data', '/nonexistent', '--debug']);
  expect(stderr).toMatch(/\n {4}at /);
});

test.skipIf(!existsSync('/usr/bin/script'))('on a terminal there is a bar with rate and time left', () => {
  const command = `${process.execPath} ${main} train lenet5 --data ${data} --epochs 2 --out ${at('terminal')}`;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '120', TERM: 'xterm' },
  });
  expect(stdout).toMatch(/epoch 1\/2 [█░]+ \d+ % {2}[\d,]+ samples\/s {2}\d+:\d\d left {2}loss \d\.\d+/);
  expect(lastLine(stdout).trim()).toMatch(result);
});
