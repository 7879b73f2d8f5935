import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../src/core/errors.js';
import { onWarning } from '../../src/core/warn.js';
import { RunFolder } from '../../src/train/index.js';
import { buildCommand } from '../cli/command.js';

let folder: string;
beforeAll(buildCommand, 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process of its own that makes, resumes or holds a run. */
const other = (what: 'create' | 'resume' | 'hold', path: string) =>
  spawn(process.execPath, [new URL('./run-folder.mjs', import.meta.url).pathname, what, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const outputOf = async (child: ReturnType<typeof other>): Promise<string> => {
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text.trim();
};

test('new is refused', () => {
  expect(() => Reflect.construct(RunFolder, ['runs/one'])).toThrow(
    "RunFolder: can't be made with new\n  hint: train.RunFolder.create(recipe, config) makes one",
  );
});

test('of processes that begin the same run at the same moment, one gets the folder', async () => {
  const path = join(folder, 'same');
  const said = await Promise.all([1, 2, 3].map(() => outputOf(other('create', path))));
  expect(said.filter((line) => line === path)).toHaveLength(1);
  for (const line of said.filter((each) => each !== path))
    expect(line).toMatch(
      /is writing this run; wait until it ends|already holds a run; resume it with RunFolder\.open/,
    );
});

test("a restarted program continues in its run's folder", () => {
  const path = join(folder, 'run');
  expect(RunFolder.exists(path)).toBe(false);
  const run = RunFolder.openOrCreate('x', { lr: 1 }, path);
  run.record({ step: 1 });
  expect(() => RunFolder.create('x', {}, path)).toThrow(
    `RunFolder: ${path}: already holds a run; resume it with RunFolder.open('${path}'), or choose another folder`,
  );
  run.unlock();
  const again = RunFolder.openOrCreate('x', { lr: 2 }, path);
  expect([RunFolder.exists(path), existsSync(join(path, 'run.lock'))]).toEqual([true, true]);
  expect([again.config, again.metrics()]).toEqual([{ recipe: 'x', lr: 1 }, [{ step: 1 }]]);
  expect(() => RunFolder.openOrCreate('y', {}, path)).toThrow(
    `RunFolder: ${path}: holds a run of 'x', not of 'y'; choose another folder`,
  );
  expect(() => RunFolder.openOrCreate('x', {}, '')).toThrow('RunFolder: path must be a path');
});

test('without a name, each gets its own folder', () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const paths = [1, 2, 3].map(() => RunFolder.create('x', {}).path);
    expect(new Set(paths).size).toBe(3);
    expect(readdirSync('runs')).toHaveLength(3);
  } finally {
    process.chdir(before);
  }
});

test('a run that another process writes is refused, and free when that process ends', async () => {
  const path = join(folder, 'run');
  RunFolder.create('x', {}, path).unlock();
  const holder = other('hold', path);
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const message = `RunFolder: ${path}: process ${holder.pid} is writing this run; wait until it ends, or choose another folder`;
  const run = RunFolder.open(path);
  const training = { step: 0, loadState() {} };
  expect(() => run.resume(training)).toThrow(
    new FileError('RunFolder', path, 'EBUSY', message.slice(13 + path.length)),
  );
  expect(() => run.record({ step: 1 })).toThrow(message);
  expect(() => run.writeJson('a.json', 1)).toThrow(message);
  await expect(run.saveCheckpoint('last', '1', null)).rejects.toThrow(message);
  expect(await outputOf(other('resume', path))).toContain(message);
  // Reading needs no lock.
  expect(run.metrics()).toEqual([]);
  holder.kill('SIGKILL');
  await new Promise((resolve) => holder.once('close', resolve));
  expect(existsSync(join(path, 'run.lock'))).toBe(true);
  run.resume(training);
  run.record({ step: 1 });
  expect(JSON.parse(readFileSync(join(path, 'run.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  run.unlock();
  expect(existsSync(join(path, 'run.lock'))).toBe(false);
});

test("stale locks are taken over, those of other machines aren't", () => {
  const path = join(folder, 'run');
  const run = RunFolder.create('x', {}, path);
  run.unlock();
  const locked = (owner: unknown): void => writeFileSync(join(path, 'run.lock'), JSON.stringify(owner));
  // The same number, but another process: that one started at another time.
  locked({ pid: process.pid, host: hostname(), started: process.platform === 'linux' ? '1' : null });
  run.record({ step: 1 });
  run.unlock();
  locked({ pid: 7, host: 'elsewhere', started: null });
  expect(() => run.record({ step: 2 })).toThrow(
    `process 7 on elsewhere is writing this run; wait until it ends, or choose another folder; if that process is gone, delete ${join(path, 'run.lock')}`,
  );
  locked(null);
  expect(() => run.record({ step: 2 })).toThrow('another process is writing this run');
});

test('names that lead out of the folder, and invalid ones, are refused', async () => {
  const name = 'must be a name that can be part of that of a file: not empty, without / and \\, not . or ..';
  for (const recipe of ['../x', '', '..', 'a/b', 'a\\b', 'a\0b'])
    expect(() => RunFolder.create(recipe, {}, join(folder, 'run'))).toThrow(`RunFolder: recipe ${name}`);
  expect(readdirSync(folder)).toEqual([]);
  expect(() => RunFolder.create('x', {}, '')).toThrow(
    "RunFolder: path must be a path, a string that isn't empty, got ''",
  );
  expect(() => RunFolder.open('')).toThrow(
    "RunFolder: path must be a path, a string that isn't empty, got ''",
  );
  const run = RunFolder.create('x', {}, join(folder, 'run'));
  expect(() => run.writeJson('../a.json', 1)).toThrow(`writeJson: name ${name}, got '../a.json'`);
  await expect(run.saveCheckpoint('../a', '1', null)).rejects.toThrow(`saveCheckpoint: name ${name}`);
  await expect(run.saveCheckpoint('a', '../1', null)).rejects.toThrow(`saveCheckpoint: tag ${name}`);
  expect(() => run.loadCheckpoint('')).toThrow(`loadCheckpoint: name ${name}`);
  expect(readdirSync(folder)).toEqual(['run']);
});

test("a folder that can't be made is an error", () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => RunFolder.create('x', {}, join(folder, 'file', 'run'))).toThrow(FileError);
});

test("numbers that aren't finite survive metrics.jsonl", () => {
  const run = RunFolder.create('x', {}, join(folder, 'run'));
  const record = { step: 1, epoch: 1, train: { loss: Number.NaN, best: Number.POSITIVE_INFINITY } };
  run.record(record);
  run.record({ step: 2, list: [Number.NEGATIVE_INFINITY] });
  run.rewindMetrics(2);
  expect(run.metrics()).toEqual([record, { step: 2, list: [Number.NEGATIVE_INFINITY] }]);
});

test('lines of metrics.jsonl that are no records are left out, with a warning', () => {
  const run = RunFolder.create('x', {}, join(folder, 'run'));
  const lines = [
    'null',
    '5',
    '[]',
    '{"step":-1}',
    '{"step":1.5}',
    '{"step":1,"epoch":1,"train":3}',
    '{"$tensor":"x"}',
    '{"step":1,"loss":{"$number":"foo"}}',
    '{',
  ];
  writeFileSync(join(run.path, 'metrics.jsonl'), [...lines, '{"step":1}', '{"st'].join('\n'));
  const warnings: string[] = [];
  const before = onWarning(({ message }) => void warnings.push(message));
  run.rewindMetrics(1);
  onWarning(before);
  expect(run.metrics()).toEqual([{ step: 1 }]);
  expect(warnings).toEqual(
    lines.map(
      (_, i) => `${join(run.path, 'metrics.jsonl')}, line ${i + 1} isn't a record of a run and is left out`,
    ),
  );
  expect(() => run.record({ step: 0.5 })).toThrow(
    'record: step must be a whole number of at least 0, got 0.5',
  );
  expect(() => run.record(null as never)).toThrow(ArgumentError);
  expect(() => run.record({ step: 1, epoch: 1, train: 'x' })).toThrow('has members of the wrong type');
});

test('a folder without a run is refused', () => {
  mkdirSync(join(folder, 'empty'));
  expect(() => RunFolder.open(join(folder, 'empty'))).toThrow('is this the folder of a run?');
  for (const text of ['null', '[]', '{}', '3', '{"recipe":1}', '{']) {
    writeFileSync(join(folder, 'empty', 'config.json'), text);
    expect(() => RunFolder.open(join(folder, 'empty'))).toThrow(FileFormatError);
  }
});
