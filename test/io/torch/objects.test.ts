import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FileFormatError } from '../../../src/core/errors.js';
import type { Tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';

const folder = fileURLToPath(new URL('../../recordings/torch/', import.meta.url));
type Anything = Record<string, io.PythonObject & Record<string, never>>;
const load = (name: string): Anything => io.loadTorch(`${folder}${name}.pt`);

describe.each(['objects', 'objects-legacy', 'objects-protocol-4'])('%s.pt, half of it unknown', (name) => {
  const read = load(name);

  test('the weights are there', () => {
    const { weight, bias } = read.model as unknown as Record<string, Tensor>;
    expect([weight!.toArraySync(), bias!.toArraySync()]).toEqual([
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      [0.5, 0.5],
    ]);
  });

  test.each([
    ['deque', 'collections.deque', [[], 100], undefined, [1, 2]],
    ['path', 'pathlib.PurePosixPath', ['/', 'data', 'set'], undefined, undefined],
    ['when', 'datetime.datetime', [Uint8Array.of(7, 228, 1, 2, 3, 4, 5, 0, 0, 0)], undefined, undefined],
    ['delta', 'datetime.timedelta', [1, 2, 0], undefined, undefined],
    ['date64', 'numpy.dtype("M8")', [Uint8Array.of(0x56, 0x47, 0, 0, 0, 0, 0, 0)], undefined, undefined],
    ['text', 'numpy.dtype("U1")', [Uint8Array.of(97, 0, 0, 0)], undefined, undefined],
    ['dtype', 'numpy.dtype', ['f4'], undefined, undefined],
    ['settings', '__main__.Settings', [], undefined, { lr: 0.1 }],
    ['slice', 'builtins.slice', [1, 2, null], undefined, undefined],
    ['complex', 'builtins.complex', [1, 2], undefined, undefined],
    ['activation', 'torch.nn.modules.activation.ReLU', undefined, undefined, undefined],
    ['function', 'torch.nn.functional.relu', undefined, undefined, undefined],
    ['decimal', 'decimal.Decimal', ['1.5'], undefined, undefined],
    ['error', 'builtins.ValueError', ['no'], undefined, undefined],
  ])('%s says that it was a %s', (key, className, args, state, items) => {
    const object = read[key]!;
    expect(object).toBeInstanceOf(io.PythonObject);
    expect([object.className, object.args, object.state, object.items]).toEqual([
      className,
      args,
      state,
      items,
    ]);
  });

  test('what has a counterpart is that', () => {
    const { counts, scalar, namespace, plateau } = read as unknown as Record<string, unknown>;
    expect([counts, scalar, namespace]).toEqual([{ a: 1 }, 1.5, { lr: 0.1 }]);
    expect(plateau).toMatchObject({ factor: 0.1, patience: 10, mode: 'min' });
  });

  test('objects of PyTorch keep their attributes', () => {
    expect(read.scheduler).toMatchObject({
      className: 'torch.optim.lr_scheduler.StepLR',
      state: { step_size: 3, gamma: 0.1, optimizer: { className: 'torch.optim.sgd.SGD' } },
    });
    expect(read.onecycle).toMatchObject({
      total_steps: 10,
      anneal_func: { className: 'torch.optim.lr_scheduler.OneCycleLR._annealing_cos' },
    });
    expect(read.module).toMatchObject({ className: 'torch.nn.modules.activation.ReLU', args: [] });
    expect(read.partial!.args).toMatchObject([{ className: 'torch._C._VariableFunctionsClass.zeros' }]);
  });

  test.each([
    ['texts', /value "texts" is a NumPy array of dtype "U2", which no tensor can hold/],
    ['records', /value "records" is a NumPy array of dtype "V8"/],
    ['objects', /value "objects" is a NumPy array of dtype "O8"/],
    [
      'sparse',
      /value "sparse" is a tensor made by torch\._utils\._rebuild_sparse_tensor; only dense tensors are/,
    ],
    ['quantized', /value "quantized" is a tensor made by torch\._utils\._rebuild_qtensor/],
    [
      'z',
      /value "z" is a tensor in a torch\.ComplexFloatStorage; complex and quantized tensors aren't supported/,
    ],
    ['ids', /tensor "ids": element 1 is 1099511627776, which int32 can't hold/],
  ])("who asks for %s learns why it isn't supported", (key, message) => {
    expect(Object.keys(read)).toContain(key);
    expect(() => read[key]).toThrow(FileFormatError);
    expect(() => read[key]).toThrow(message);
  });

  test('within a list, too', () => {
    const list = read.list as unknown as Tensor[];
    expect(list.length).toBe(2);
    expect(() => list[0]).toThrow(/tensor "list\.0": element 0 is/);
    expect(list[1]!.toArraySync()).toEqual([7]);
  });
});

test('an object of the older protocols holds what its class is made of', () => {
  const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const magic = '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.';
  const made = (base: string, content: string): unknown =>
    io.loadTorchBytes(
      latin1(
        `${magic}ccopy_reg\n_reconstructor\n(cmine\nThing\nc__builtin__\n${base}\n${content}tR.\x80\x02].`,
      ),
    );
  expect(made('dict', '(I1\nI2\nd')).toMatchObject({ className: 'mine.Thing', args: [], items: { 1: 2 } });
  expect(made('list', '(I1\nI2\nl')).toMatchObject({ className: 'mine.Thing', args: [], items: [1, 2] });
  expect(made('int', 'I5\n')).toMatchObject({ className: 'mine.Thing', args: [5] });
});
