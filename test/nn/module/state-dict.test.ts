import { expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { ones, type Tensor, tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { testEngines } from '../../helpers/engines.js';

const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
const state = model.stateDict();
const renamed = (rename: (key: string) => string): nn.StateDict =>
  Object.fromEntries(Object.entries(state).map(([key, x]) => [rename(key), x]));
const given =
  (value: unknown): (() => unknown) =>
  () =>
    model.loadStateDict(value as nn.StateDict);

test('a checkpoint instead of the state dict in it', () => {
  expect(given({ epoch: 3, model_state_dict: state, optimizer: { state: {} } })).toThrow(
    "hint: this is a checkpoint with the weights under 'model_state_dict'; load state['model_state_dict']",
  );
});

test('keys with a prefix, as of a parallel module', () => {
  const parallel = renamed((key) => `module.${key}`);
  expect(given(parallel)).toThrow(
    "hint: the keys start with 'module.'; strip it: Object.fromEntries(Object.entries(state).map(([k, x]) => [k.slice(7), x]))",
  );
  model.loadStateDict(Object.fromEntries(Object.entries(parallel).map(([k, x]) => [k.slice(7), x])));
});

test('the state dict of a part', () => {
  const outer = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 3)));
  expect(() => outer.loadStateDict(new nn.Sequential(new nn.Linear(2, 3)).stateDict())).toThrow(
    "hint: the keys lack '0.', so the state dict belongs to a part of the module",
  );
});

test('a misspelled key', () => {
  expect(given(renamed((key) => key.replace('0.weight', '0.weigth')))).toThrow(
    /missing:\n {4}0\.weight\n {2}unexpected:\n {4}0\.weigth \(did you mean 0\.weight\?\)/,
  );
});

test('another model: long lists are cut', () => {
  const other = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`encoder.blocks.${i}`, ones([1])]));
  expect(given(other)).toThrow(/encoder\.blocks\.19\n {4}… and 80 more$/);
});

test("values that are no tensors aren't there", () => {
  const partly: Record<string, unknown> = { ...state, '0.weight': 3 };
  expect(given(partly)).toThrow(/missing:\n {4}0\.weight$/);
  const before = (state['0.weight'] as Tensor).toArraySync();
  expect(model.loadStateDict(partly as nn.StateDict, { strict: false }).missingKeys).toEqual(['0.weight']);
  expect(state['0.weight']!.toArraySync()).toEqual(before);
});

test.each([
  ['a tensor', ones([1])],
  ['an array', [state]],
  ['a Map', new Map()],
  ['null', null],
  ['undefined', undefined],
  ['a Promise\n  hint: await it first', Promise.resolve({})],
  ["'w.safetensors'\n  hint: io.loadSafetensors('w.safetensors') reads it", 'w.safetensors'],
  ["'a.b/w.npz'\n  hint: io.loadNpz('a.b/w.npz') reads it", 'a.b/w.npz'],
  ["'w.pt'\n  hint: io.loadTorch('w.pt') reads it", 'w.pt'],
  ["'w'", 'w'],
  ['a Linear\n  hint: its weights are stateDict()', new nn.Linear(1, 1)],
])('%s instead of an object', (kind, value) => {
  expect(given(value)).toThrow(ArgumentError);
  expect(given(value)).toThrow(`loadStateDict: takes an object of tensors by name, got ${kind}`);
});

test('a state may lie on another engine, and in another dtype', () => {
  const layer = new nn.Linear(2, 1);
  for (const engine of testEngines) {
    layer.loadStateDict({
      weight: tensor([[1, 2]])
        .to('float64')
        .to(engine),
      bias: tensor([3]).to('float32').to(engine),
    });
    expect(layer.weight.toArraySync()).toEqual([[1, 2]]);
    expect(layer.bias!.toArraySync()).toEqual([3]);
  }
});

test('where one tensor was disposed of, nothing is changed', () => {
  const layer = new nn.Linear(2, 1);
  const weight = layer.weight.toArraySync();
  const bias = ones([1]);
  bias.dispose();
  expect(() => layer.loadStateDict({ weight: ones([1, 2]), bias })).toThrow(
    /^Linear\.loadStateDict: bias of the state dict, float32 \[1\], was disposed\n {2}disposed/,
  );
  expect(layer.weight.toArraySync()).toEqual(weight);
  layer.bias!.dispose();
  expect(() => layer.loadStateDict({ weight: ones([1, 2]), bias: ones([1]) })).toThrow(
    /^Linear\.loadStateDict: bias of the module, float32 \[1\], was disposed/,
  );
  expect(layer.weight.toArraySync()).toEqual(weight);
});
