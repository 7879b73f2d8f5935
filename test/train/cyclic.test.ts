/** What holds itself, where only trees can be kept or shown. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultCollate } from '../../src/data/index.js';
import * as nn from '../../src/nn/index.js';
import { RunFolder, saveCheckpoint } from '../../src/train/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-cyclic-'));
afterAll(() => rmSync(folder, { recursive: true }));

const list: unknown[] = [];
list.push(list);
const object: Record<string, unknown> = {};
object.inner = [object];

test('examples', () => {
  expect(() => defaultCollate([list, list])).toThrow(
    /^defaultCollate: 0\.0 contains itself; pass a collate function$/,
  );
  expect(() => defaultCollate([object, object])).toThrow(/^defaultCollate: 0\.inner\.0 contains itself/);
  const twice = [1, 2];
  expect(defaultCollate([{ a: twice, b: twice }]).b.length).toBe(2);
});

test('a configuration, a record and a state', async () => {
  const create = (config: unknown) => (): RunFolder =>
    RunFolder.create('mlp', config as never, join(folder, 'refused'));
  expect(create(object)).toThrow(/^RunFolder: config\.inner\.0 contains itself, which JSON can't represent$/);
  expect(create({ a: [1n] })).toThrow(/^RunFolder: config\.a\.0 is 1n, which JSON can't hold$/);
  expect(RunFolder.exists(join(folder, 'refused'))).toBe(false);
  const run = RunFolder.create('mlp', {}, join(folder, 'run'));
  expect(() => run.reconfigure(object as never)).toThrow(/^RunFolder: changes\.inner\.0 contains itself/);
  expect(() => run.writeJson('results.json', object)).toThrow(/^RunFolder: results\.json\.inner\.0 contains/);
  expect(() => run.record({ step: 1, object } as never)).toThrow(
    /^record: the record\.object\.inner\.0 contains itself/,
  );
  expect(() => run.record({ step: 1, a: 1n } as never)).toThrow(/^record: the record\.a is 1n, which JSON/);
  await expect(saveCheckpoint(folder, 'last', '1', object as never)).rejects.toThrow(
    /^saveCheckpoint: the state\.inner\.0 contains itself, which JSON can't represent$/,
  );
  run.unlock();
});

test('the text of a module that holds itself', () => {
  class Child extends nn.Module {
    constructor(readonly parent: nn.Module) {
      super();
    }

    forward(): void {}
  }
  class Parent extends nn.Module {
    readonly linear = new nn.Linear(1, 1);
    readonly child = new Child(this);

    forward(): void {}
  }
  const model = new Parent();
  expect(String(model)).toMatch(
    /^Parent\(\n {2}\(linear\): Linear\(.*\)\n {2}\(child\): Child\(\n {4}\(parent\): Parent\(…\)\n {2}\)\n\)$/,
  );
  expect(String(model)).toBe(String(model));
});
