import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawnDigits } from '../../src/data/index.js';
import { tensor } from '../../src/index.js';
import { writeImage } from '../../src/vision/index.js';
import { buildCommand, main, myelin, smallDigits } from './command.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'myelin-runs-')));
const at = (...parts: string[]): string => join(folder, ...parts);
let data: string;

beforeAll(async () => {
  buildCommand();
  data = smallDigits(at('digits'));
  const options = ['--data', 'digits', '--epochs', '2', '--validation', '0.2', '--out', 'run', '--quiet'];
  const { code, stderr } = await myelin(['train', 'lenet5', ...options], { cwd: folder });
  expect([code, stderr]).toEqual([0, '']);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const configOf = (run: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')) as Record<string, unknown>;
const copy = (name: string): string => {
  cpSync(at('run'), at(name), { recursive: true });
  return at(name);
};
const epochsOf = (run: string): unknown[] =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ epoch, learningRates }) => (epoch ? [[epoch, learningRates.lr]] : []));

test('a folder that was given with a relative path is found from anywhere', async () => {
  expect(configOf(at('run')).data).toBe(data);
  mkdirSync(at('elsewhere'));
  const { stdout, stderr } = await myelin(['eval', at('run'), '--quiet'], { cwd: at('elsewhere') });
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^test accuracy: /), '']);
});

test('a finished run takes more epochs; --resume knows the recipe', async () => {
  const run = copy('more');
  const fewer = await myelin(['train', '--resume', run, '--epochs', '1']);
  expect([fewer.code, fewer.stderr]).toEqual([
    2,
    expect.stringContaining("has --epochs 2; it can't continue with 1"),
  ]);
  const stopped = await myelin(['train', '--resume', run, '--epochs', '6'], {
    onOutput: (text) => (text.includes('epoch 4/6') ? 'SIGHUP' : undefined),
  });
  expect([stopped.code, stopped.stderr]).toEqual([130, '']);
  expect(configOf(run).epochs).toBe(6);
  const unfinished = await myelin(['train', `--resume=${run}`, '--epochs', '9']);
  expect([unfinished.code, unfinished.stderr]).toEqual([
    2,
    expect.stringMatching(
      /the run has done \d of 6 epochs; finish it with myelin train --resume .*, then give it more/,
    ),
  ]);
  const { code, stdout } = await myelin(['train', '--resume', run]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/test accuracy: /)]);
  const epochs = epochsOf(run) as [number, number][];
  expect(epochs.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  const rates = epochs.map(([, rate]) => rate);
  // The schedule begins anew for the epochs that came later.
  expect(rates[2]).toBeGreaterThan(rates[1]!);
  expect(rates[5]).toBeLessThan(rates[2]!);
}, 120_000);

test("a search isn't a training, and resumes by itself", async () => {
  mkdirSync(at('search'));
  writeFileSync(at('search', 'config.json'), '{"recipe":"search-lenet5","lr":"1e-3,2e-3"}');
  const wrong = await myelin(['train', '--resume', at('search')]);
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('is a search; continue it with myelin search --resume'),
  ]);
  const other = await myelin(['search', '--resume', at('run')]);
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining("isn't a search; continue it with myelin train --resume"),
  ]);
});

test('a configuration that somebody changed is checked', async () => {
  const run = copy('changed');
  for (const [epochs, problem] of [
    [-3, 'It must be a whole number of at least 1'],
    ['"2"', "which isn't a number"],
    ['null', "which isn't a number"],
  ] as const) {
    const text = readFileSync(at('run', 'config.json'), 'utf8');
    writeFileSync(join(run, 'config.json'), text.replace('"epochs": 2', `"epochs": ${epochs}`));
    const { code, stderr } = await myelin(['eval', run]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`the run's configuration has epochs ${epochs}`),
    ]);
    expect(stderr).toContain(problem);
  }
});

test('two processes never go on with the same run', async () => {
  const run = at('both');
  const args = ['--data', data, '--epochs', '5000', '--batch-size', '16', '--checkpoint-every', '5'];
  let second: ReturnType<typeof myelin> | undefined;
  let isOver = false;
  const first = await myelin(['train', 'lenet5', ...args, '--out', run], {
    onOutput(text) {
      if (!text.includes('epoch    1/5000')) return undefined;
      second ??= myelin(['train', '--resume', run]).finally(() => {
        isOver = true;
      });
      return isOver ? 'SIGTERM' : undefined;
    },
  });
  expect(first.code).toBe(130);
  const refused = await second!;
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^FileError: .*: process \d+ is writing this run; wait until it ends/),
  ]);
  expect(existsSync(join(run, 'run.lock'))).toBe(false);
}, 60_000);

test('output that nobody reads any more ends the command quietly, and the run is safe', () => {
  const run = at('piped');
  const command = `"${process.execPath}" "${main}" train lenet5 --data "${data}" --epochs 50 --batch-size 16 --out "${run}" | head -6`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  expect(stdout.split('\n').length).toBeLessThanOrEqual(7);
  expect(stderr).toBe('');
  expect(existsSync(join(run, 'checkpoints', 'last.json'))).toBe(true);
  const list = spawnSync('bash', ['-c', `"${process.execPath}" "${main}" list | head -1`], {
    encoding: 'utf8',
  });
  expect([list.stdout.split('\n').length, list.stderr]).toEqual([2, '']);
}, 60_000);

test.skipIf(!existsSync('/dev/full'))('output onto a full disk is one line, and the run is safe', () => {
  const run = join(folder, 'full');
  for (const [args, after] of [
    ['list', ''],
    ['--help', ''],
    [`train perceptron --out ${run}`, ''],
  ] as const) {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${main}" ${args} > /dev/full`],
      {
        encoding: 'utf8',
      },
    );
    expect([stderr, status]).toEqual([`FileError: can't write the output: the disk is full\n${after}`, 1]);
  }
  expect(existsSync(join(run, 'config.json'))).toBe(true);
});

test('predictions of files, folders and test images, by the best checkpoint', async () => {
  mkdirSync(at('images'));
  mkdirSync(at('images', 'nothing'));
  const { images, labels } = drawnDigits({ train: 1, test: 3, seed: 4 }).test;
  for (let i = 0; i < 3; i++)
    await writeImage(
      at('images', `${i}.png`),
      tensor(images.slice(i * 784, (i + 1) * 784), [1, 28, 28], { dtype: 'uint8' }),
    );
  writeFileSync(at('images', 'notes.txt'), 'no image');
  writeFileSync(at('broken.png'), 'no image');
  const csv = at('predictions.csv');
  const { code, stdout, stderr } = await myelin([
    'predict',
    at('run'),
    at('images'),
    at('broken.png'),
    'test:99999',
    at('images', 'nothing'),
    'test:1',
    '--top',
    '2',
    '--quiet',
    '--csv',
    csv,
  ]);
  expect(code).toBe(2);
  const complaints = stderr.trimEnd().split('\n');
  expect(complaints).toEqual([
    `error: no images in ${at('images', 'nothing')}`,
    expect.stringMatching(/^\w+Error: .*broken\.png/),
    expect.stringMatching(
      /^error: test:99999 isn't an image of the test data; the images are test:0 to test:\d+$/,
    ),
  ]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(new RegExp(`^${at('images', '0.png')} {2}\\d \\d+\\.\\d %, \\d \\d+\\.\\d %$`));
  expect(lines[3]).toMatch(/^test:1 {2}\d .*, labeled \d$/);
  expect(labels).toHaveLength(3);
  const table = readFileSync(csv, 'utf8').trimEnd().split('\n');
  expect(table[0]).toBe('image,class,0,1,2,3,4,5,6,7,8,9');
  const shares = table[1]!.split(',').slice(2).map(Number);
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const shown = await myelin(['predict', at('run'), 'test:1']);
  expect(shown.stdout).toMatch(/^run +.*run, after step \d+$/m);
});

test('predictions of texts', async () => {
  const options = ['--model', 'sum', '--dim', '4', '--hidden', '4', '--epochs', '1'];
  await myelin(['train', 'sentiment', ...options, '--out', at('texts'), '--quiet']);
  const csv = at('texts.csv');
  const asked = ['the film is wonderful', 'the xyzzy film', ' '];
  const found = await myelin(['predict', at('texts'), ...asked, '--csv', csv, '--quiet']);
  expect(found.code).toBe(2);
  expect(found.stdout).toMatch(
    /^the film is wonderful {2}(positive|negative) \S+ %, (positive|negative) \S+ %\nthe xyzzy film {2}.*\n$/,
  );
  expect(found.stderr).toContain(
    "warning: skips 'xyzzy' in 'the xyzzy film': too rare in the training texts\n",
  );
  expect(found.stderr).toContain('error: a text is empty; give a sentence, or a name, in quotes');
  const rows = readFileSync(csv, 'utf8').trimEnd().split('\n');
  expect(rows[0]).toMatch(/^text,class,/);
  expect(rows[1]).toMatch(/^the film is wonderful,(positive|negative),0\.\d+,0\.\d+$/);
  const inverted = await myelin(['predict', at('texts'), 'good', '--invert', '--quiet']);
  expect([inverted.code, inverted.stderr]).toEqual([
    2,
    "error: --invert is for images, but 'sentiment' classifies texts\n",
  ]);
  const concat = ['--model', 'concat', ...options.slice(2)];
  await myelin(['train', 'sentiment', ...concat, '--out', at('concat'), '--quiet']);
  const long = await myelin(['predict', at('concat'), 'film '.repeat(62), '--quiet']);
  expect(long.stderr).toMatch(
    /^warning: skips the last 2 words of 'film film .*: the network can't read that many$/m,
  );
});

test("what can't be predicted is said", async () => {
  const complain = async (code: number, ...args: string[]): Promise<string> => {
    const found = await myelin(args);
    expect({ args, code: found.code, stderr: found.stderr }).toMatchObject({ code });
    return found.stderr;
  };
  mkdirSync(at('empty'));
  expect(await complain(2, 'predict', at('run'), at('empty'))).toContain(`no images in ${at('empty')}`);
  expect(await complain(2, 'predict', at('run'), 'test:9999')).toContain("isn't an image of the test data");
  await myelin(['train', 'xor', '--steps', '2', '--starts', '1', '--out', at('xor'), '--quiet']);
  expect(await complain(2, 'predict', at('xor'), 'a.png')).toContain(
    "'xor' has no network that classifies images or texts; predict is for a run such as one of lenet5, names, or sentiment without --folds",
  );
});

test.each<[string, string[], RegExp]>([
  [
    'an en dash',
    ['train', 'xor', '–steps', '2'],
    /^error: '–steps' begins with an en dash; did you mean --steps\?\n$/,
  ],
  [
    'a minus sign',
    ['train', 'xor', '--lr', '−0.1'],
    /^error: '−0\.1' begins with a minus sign; did you mean -0\.1\?\n$/,
  ],
  ['a dash alone', ['train', 'xor', '--lr', '–'], /^error: option '--lr <x>' argument '–' is invalid\./],
  ['a word for train', ['train', 'xor', 'steps', '2'], /too many arguments for 'xor'/],
  ['a word for search', ['search', 'lenet5', 'lr'], /too many arguments for 'lenet5'/],
  ['a word for list', ['list', 'all'], /too many arguments for 'list'/],
  ['a word for info', ['info', 'all'], /too many arguments for 'info'/],
  ['a word for eval', ['eval', 'a', 'b'], /too many arguments for 'eval'/],
  ['a word for augment', ['augment', 'a', 'b'], /too many arguments for 'augment'/],
  ['a word for inspect', ['inspect', 'a', 'b', 'c'], /too many arguments for 'inspect'/],
])('%s is a mistake', async (_name, args, message) => {
  const { code, stdout, stderr } = await myelin(args, { cwd: folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('a bad environment variable is one line, and what needs no engine works', async () => {
  for (const env of [{ MYELIN_THREADS: 'two' }, { MYELIN_ENGINE: 'gpu' }] as Record<string, string>[]) {
    expect((await myelin(['list'], { env })).code).toBe(0);
    expect((await myelin(['train', '--help'], { env })).code).toBe(0);
    const { code, stderr } = await myelin(['train', 'xor', '--steps', '1'], { env, cwd: folder });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^ArgumentError: MYELIN_\w+: .*'(two|gpu)'.*\n$/),
    ]);
  }
});
