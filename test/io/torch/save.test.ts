import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ArgumentError, DisposedError, FileError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { bytesSource } from '../../../src/host/byte-source.js';
import { arange, ones, slice, Tensor, tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import { crc32 } from '../../../src/io/torch/crc32.js';
import { failure } from '../../../src/io/torch/fail.js';
import { readDirectory } from '../../../src/io/torch/zip-reader.js';
import { zipArchive } from '../../../src/io/torch/zip-writer.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
const path = join(folder, 'a.pt');
afterAll(() => rmSync(folder, { recursive: true }));

function trained() {
  const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, amsgrad: true });
  const x = arange(32).to('float32').sin().reshape([2, 1, 4, 4]);
  const y = arange(16).to('float32').cos().reshape([2, 2, 2, 2]);
  const step = (): void => {
    optimizer.zeroGrad();
    F.mseLoss(model.forward(x), y).backward();
    optimizer.step();
  };
  for (let i = 0; i < 3; i++) step();
  return { model, optimizer, step };
}

/** As plain arrays, with what tells tensors apart. */
const plain = (value: unknown): unknown => {
  if (value instanceof Tensor) return [value.dtype, value.shape, [...value.dataSync()], value.requiresGrad];
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [plain(k), plain(v)]));
  if (value instanceof Set) return new Set([...value].map(plain));
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
};

const everything = {
  none: null,
  yes: true,
  numbers: [
    0,
    255,
    256,
    65535,
    65536,
    -1,
    -128,
    -129,
    2 ** 31,
    -(2 ** 31),
    2 ** 53 - 1,
    0.5,
    -0,
    1e300,
    Number.NaN,
  ],
  infinite: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  wide: [2n ** 64n, -(2n ** 63n), 2n ** 2100n],
  text: 'naïve ☃ 🎉\n',
  again: 'naïve ☃ 🎉\n',
  bytes: Uint8Array.from([0, 255, 10]),
  noBytes: new Uint8Array(0),
  set: new Set([1, 2]),
  map: new Map<unknown, unknown>([
    [1, 'one'],
    ['two', 2],
  ]),
  numbered: { 0: { a: 1 }, 12: 'x' },
  empty: {},
  list: [],
  float32: tensor([1.5, Number.NaN, Number.POSITIVE_INFINITY]),
  float64: tensor([0.1], { dtype: 'float64' }),
  int32: tensor([1, -2], { dtype: 'int32' }),
  uint8: tensor([255], { dtype: 'uint8' }),
  bool: tensor([true, false]),
  scalar: tensor(3),
  nothing: ones([0, 2]),
  learning: ones([2]).requiresGrad_(),
  parameter: new nn.Parameter(ones([1])),
  frozen: new nn.Parameter(ones([1]), false),
  many: Array.from({ length: 300 }, (_, i) => `s${i}`),
};

describe('what is saved comes back', () => {
  test('values of all kinds', async () => {
    await io.saveTorch(path, everything);
    const read = io.loadTorch<typeof everything>(path);
    expect(plain(read)).toEqual(plain(everything));
    expect(read.parameter).toBeInstanceOf(nn.Parameter);
    expect(read.frozen).toBeInstanceOf(nn.Parameter);
  });

  test('a key is a key, whatever its name', async () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    const read = io.loadTorchBytes<Record<string, unknown>>(await io.serializeTorch(value));
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a model and its optimizer', async () => {
    const { model, optimizer } = trained();
    await io.saveTorch(path, { epoch: 3, model: model.stateDict(), optimizer: optimizer.stateDict() });
    const other = trained();
    const read = io.loadTorch<{ model: nn.StateDict; optimizer: optim.OptimizerState }>(path);
    other.model.loadStateDict(read.model);
    other.optimizer.loadStateDict(read.optimizer);
    expect(plain(other.model.stateDict())).toEqual(plain(model.stateDict()));
    expect(plain(other.optimizer.stateDict())).toEqual(plain(optimizer.stateDict()));
  });

  test('memory that tensors share is written once and shared again', async () => {
    const base = arange(1000).to('float32');
    const bytes = await io.serializeTorch({
      base,
      row: base.reshape([10, 100]).at(3),
      even: base.at(slice(0, null, 2)),
    });
    expect(bytes.length).toBeLessThan(6000);
    const read = io.loadTorchBytes<Record<string, Tensor>>(bytes);
    expect([...read.row!.dataSync()].slice(0, 3)).toEqual([300, 301, 302]);
    expect([...read.even!.dataSync()].slice(0, 3)).toEqual([0, 2, 4]);
    read.base!.fill_(7);
    expect(read.row!.at(0).itemSync()).toBe(7);
    expect(read.even!.strides).toEqual([2]);
  });

  test('of a view that is alone only its elements are written', async () => {
    const bytes = await io.serializeTorch({ x: arange(10_000).at(3) });
    expect(bytes.length).toBeLessThan(2000);
  });

  test('lists and objects that are one stay one, cycles too', async () => {
    const list: unknown[] = [1];
    list.push(list);
    const object = { list, again: list };
    const read = io.loadTorchBytes<typeof object>(await io.serializeTorch(object));
    expect(read.list).toBe(read.again);
    expect(read.list[1]).toBe(read.list);
  });

  test('what is saved is what there was at the call', async () => {
    const x = ones([2]);
    const saved = io.saveTorch(path, { x });
    x.fill_(5);
    await saved;
    expect([...io.loadTorch<{ x: Tensor }>(path).x.dataSync()]).toEqual([1, 1]);
  });
});

describe("what can't be saved", () => {
  const model = new nn.Linear(1, 1);
  const gone = ones([2]);
  gone.dispose();
  let deep: unknown[] = [];
  for (let i = 0; i < 2000; i++) deep = [deep];
  const cases: [string, unknown, RegExp][] = [
    ['a function', { a: { f: () => 1 } }, /saveTorch: value "a\.f" is function; a file can hold tensors/],
    ['a module', { model }, /value "model" is a module; save its weights: model\.stateDict\(\)/],
    ['a typed array', [new Float32Array(1)], /value "0" is a Float32Array; make a tensor of it/],
    ['an object of a class', new Date(0), /the value is a Date/],
    ['undefined in a list', [undefined], /value "0" is undefined/],
    ['what is too deep', deep, /nested deeper than 1000/],
  ];
  test.each(cases)('%s', async (_name, value, message) => {
    const failed = io.serializeTorch(value);
    await expect(failed).rejects.toThrow(ArgumentError);
    await expect(failed).rejects.toThrow(message);
  });

  test('a tensor that was disposed', async () => {
    await expect(io.serializeTorch({ gone })).rejects.toThrow(DisposedError);
    await expect(io.serializeTorch({ gone, other: gone.detach() })).rejects.toThrow(DisposedError);
  });

  test("a folder that isn't there; the old file stays when a value is refused", async () => {
    await expect(io.saveTorch(join(folder, 'none/a.pt'), {})).rejects.toThrow(FileError);
    await io.saveTorch(path, 1);
    await expect(io.saveTorch(path, () => 1)).rejects.toThrow(ArgumentError);
    expect(io.loadTorch(path)).toBe(1);
  });
});

test('archives of 4 GB and more: sizes and places in 64 bits', () => {
  const files = [
    { name: 'a', bytes: Uint8Array.from([1, 2, 3]) },
    { name: 'b/ä', bytes: new Uint8Array(100) },
  ];
  const bytes = new Uint8Array(Buffer.concat([...zipArchive(files, crc32, 50)]));
  const entries = readDirectory(bytesSource(bytes), failure('a.zip'));
  expect([...entries.values()].map(({ name, begin, size }) => [name, begin % 64, size])).toEqual([
    ['a', 0, 3],
    ['b/ä', 0, 100],
  ]);
});

const python = process.env.MYELIN_PYTHON ?? '/usr/bin/python3';
const script = fileURLToPath(new URL('../../record/check-torch-files.py', import.meta.url));
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
if (!hasTorch) console.warn(`torch.load isn't tried: ${python} has no PyTorch`);

const python3 = (...args: string[]): string => execFileSync(python, [script, ...args], { encoding: 'utf8' });

/** What PyTorch finds in a file with this value, and whether it finds the same when it loads data only. */
async function loadedByTorch(value: unknown): Promise<{ value: unknown; data: unknown }> {
  await io.saveTorch(path, value);
  return JSON.parse(python3(path));
}

describe.skipIf(!hasTorch)('torch.load reads what is saved', () => {
  const float32 = (shape: number[], elements: unknown[], requiresGrad = false): unknown[] => [
    'torch.float32',
    shape,
    elements,
    requiresGrad,
  ];

  test('values of all kinds', async () => {
    const { value } = (await loadedByTorch(everything)) as { value: [string, [[string, string], unknown][]] };
    expect(value[0]).toBe('dict');
    const found = Object.fromEntries(value[1].map(([[, name], item]) => [name.slice(1, -1), item]));
    expect(Object.keys(found)).toEqual(Object.keys(everything));
    expect(found.none).toEqual(['NoneType', 'None']);
    expect(found.yes).toEqual(['bool', 'True']);
    const types = everything.numbers.map((v) =>
      Number.isInteger(v) && v < 1e299 && !Object.is(v, -0) ? 'int' : 'float',
    );
    const numbers = (found.numbers as [string, [string, string][]])[1];
    expect(numbers.map(([type]) => type)).toEqual(types);
    expect(numbers.map(([, text]) => Number(text))).toEqual(everything.numbers);
    const wide = (found.wide as [string, [string, string][]])[1];
    expect(wide).toEqual(everything.wide.map((v) => ['int', String(v)]));
    expect(found.text).toEqual(['str', "'naïve ☃ 🎉\\n'"]);
    expect(found.bytes).toEqual(['bytes', "b'\\x00\\xff\\n'"]);
    expect(found.noBytes).toEqual(['bytes', "b''"]);
    expect(found.set).toEqual(['set', [1, 2]]);
    const one = [
      ['int', '1'],
      ['str', "'one'"],
    ];
    expect(found.map).toEqual([
      'dict',
      [
        one,
        [
          ['str', "'two'"],
          ['int', '2'],
        ],
      ],
    ]);
    const a = [
      'dict',
      [
        [
          ['str', "'a'"],
          ['int', '1'],
        ],
      ],
    ];
    expect(found.numbered).toEqual([
      'dict',
      [
        [['int', '0'], a],
        [
          ['int', '12'],
          ['str', "'x'"],
        ],
      ],
    ]);
    expect(found.empty).toEqual(['dict', []]);
    expect(found.float32).toEqual(['tensor', ...float32([3], [1.5, 'nan', 'inf'])]);
    expect(found.float64).toEqual(['tensor', 'torch.float64', [1], [0.1], false]);
    expect(found.int32).toEqual(['tensor', 'torch.int32', [2], [1, -2], false]);
    expect(found.uint8).toEqual(['tensor', 'torch.uint8', [1], [255], false]);
    expect(found.bool).toEqual(['tensor', 'torch.bool', [2], [1, 0], false]);
    expect(found.scalar).toEqual(['tensor', ...float32([], [3])]);
    expect(found.nothing).toEqual(['tensor', ...float32([0, 2], [])]);
    expect(found.learning).toEqual(['tensor', ...float32([2], [1, 1], true)]);
    expect(found.parameter).toEqual(['parameter', ...float32([1], [1], true)]);
    expect(found.frozen).toEqual(['parameter', ...float32([1], [1], false)]);
    expect((found.many as [string, unknown[]])[1].length).toBe(300);
  });

  test('a state dict is an OrderedDict, and nothing but data', async () => {
    const { model } = trained();
    const { value, data } = (await loadedByTorch(model.stateDict())) as {
      value: [string, unknown[]];
      data: string;
    };
    expect([value[0], value[1].length, data]).toEqual(['OrderedDict', 7, 'same']);
  });

  test('memory that tensors share', async () => {
    const base = arange(6).to('float32');
    const views = { base, odd: base.at(slice(1, null, 2)), turned: base.reshape([2, 3]).transpose(0, 1) };
    expect(await loadedByTorch(views)).toEqual({
      value: [
        'OrderedDict',
        [
          [
            ['str', "'base'"],
            ['tensor', ...float32([6], [0, 1, 2, 3, 4, 5])],
          ],
          [
            ['str', "'odd'"],
            ['tensor', ...float32([3], [1, 3, 5])],
          ],
          [
            ['str', "'turned'"],
            ['tensor', ...float32([3, 2], [0, 3, 1, 4, 2, 5])],
          ],
        ],
      ],
      data: 'same',
    });
  });

  test('PyTorch goes on from a checkpoint as Myelin does', async () => {
    const { model, optimizer, step } = trained();
    await io.saveTorch(path, { model: model.stateDict(), optimizer: optimizer.stateDict() });
    const theirs = JSON.parse(python3('--train', path)) as Record<string, number[]>;
    step();
    // Behind the convolution the mean is subtracted: the gradient of its bias is rounding only.
    for (const [name, x] of Object.entries(model.stateDict()))
      if (name !== '0.bias')
        for (const [i, v] of [...x.dataSync()].entries()) expect(v, name).toBeCloseTo(theirs[name]![i]!, 4);
  });
});

test('half of a surrogate pair comes back as it was saved', async () => {
  const strings = { 'a\ud800': 1, 'a\ud801': '\udfff\ud800', pair: 'é😀\ud83d!', empty: '' };
  await io.saveTorch(path, strings);
  expect(io.loadTorch(path)).toEqual(strings);
});
