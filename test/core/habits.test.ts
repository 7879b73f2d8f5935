/** PyTorch's names answer with ours. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  containerHabits,
  datasetHabits,
  type Habit,
  inPlaceHabits,
  moduleHabits,
  recurrentHabits,
  tensorHabits,
} from '../../src/core/habits.js';
import * as data from '../../src/data/index.js';
import { ArgumentError, NameError, ones, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';

const x = ones([2, 3]);
const model = new nn.Linear(3, 2);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const scheduler = new optim.lrScheduler.StepLR(optimizer, 10);
const loader = new data.DataLoader(new data.TensorDataset(x), { batchSize: 2 });

function failure(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Uses a member as Python would: calls a method, reads and writes a property. */
function uses(object: object, name: string): unknown[] {
  const inherited = Object.getOwnPropertyDescriptor(prototypeWith(object, name), name)!;
  if (typeof inherited.value === 'function')
    return [failure(() => (Reflect.get(object, name) as () => void).call(object))];
  return [failure(() => Reflect.get(object, name)), failure(() => Reflect.set(object, name, true))];
}

function prototypeWith(object: object, name: string): object {
  let found = Object.getPrototypeOf(object) as object;
  while (!Object.hasOwn(found, name)) found = Object.getPrototypeOf(found) as object;
  return found;
}

const messages = (object: object, name: string): string[] =>
  uses(object, name).map((error) => {
    expect(error).toBeInstanceOf(NameError);
    return (error as NameError).message;
  });

describe('every habit throws its message', () => {
  const all = (object: object, habits: Readonly<Record<string, Habit>>) =>
    Object.entries(habits).map(([name, habit]) => [habit.torch, object, name, habit] as const);
  test.each([
    ...all(x, tensorHabits),
    ...all(model, moduleHabits),
    ...all(new nn.Sequential(), containerHabits),
    ...all(new nn.ModuleList(), containerHabits),
    ...all(new nn.ParameterList(), containerHabits),
    ...all(new nn.GRU(3, 4), recurrentHabits),
    ...all(loader.dataset, datasetHabits),
  ])('%s', (torch, object, name, habit) => {
    const where = !/^-?\d$/.test(name) ? name : object === loader.dataset ? 'get' : 'at';
    const note = habit.note === undefined ? '' : `; ${habit.note}`;
    const message = `${where}: there's no ${torch} here\n  hint: write ${habit.ours}${note}`;
    for (const thrown of messages(object, name)) expect(thrown).toBe(message);
  });
});

test.each([
  [
    x,
    'numpy',
    "numpy: there's no x.numpy() here\n  hint: write await x.data(); a typed array; await x.toArray() gives nested arrays",
  ],
  [
    x,
    'device',
    "device: there's no x.device here\n  hint: write x.engine.name; 'native', 'wasm' or 'reference'",
  ],
  [x, 'requires_grad', "requires_grad: there's no x.requires_grad here\n  hint: write x.requiresGrad"],
  [
    x,
    'requires_grad_',
    "requires_grad_: there's no x.requires_grad_() here\n  hint: write x.requiresGrad_()",
  ],
  [x, 'masked_fill', "masked_fill: there's no x.masked_fill() here\n  hint: write x.maskedFill()"],
  [x, 'retain_grad', "retain_grad: there's no x.retain_grad() here\n  hint: write x.retainGrad()"],
  [
    x,
    'data_ptr',
    "data_ptr: there's no x.data_ptr() here\n  hint: write x.storage; memory has no address; tensors that share it have the same storage",
  ],
  [
    x,
    'element_size',
    "element_size: there's no x.element_size() here\n  hint: write (await x.data()).BYTES_PER_ELEMENT; 4 for float32 and int32, 8 for float64, 1 for uint8 and bool",
  ],
  [x, 'length', "length: there's no x.length here\n  hint: write x.size(0); x.numel() counts all elements"],
  [x, 'sin_', "sin_: there's no x.sin_() here\n  hint: write x.copy_(x.sin()); or go on with the new tensor"],
  [
    x,
    'unsqueeze_',
    "unsqueeze_: there's no x.unsqueeze_(0) here\n  hint: write x = x.unsqueeze(0); a tensor's shape never changes",
  ],
  [
    x,
    'apply_',
    "apply_: there's no x.apply_(f) here\n  hint: write x.copy_(x.square()); functions take whole tensors, not one element at a time",
  ],
  [
    x,
    'copy',
    "copy: there's no x.copy() here\n  hint: write x.clone(); x.copy_(y) copies y's elements into x",
  ],
  [
    x,
    'array',
    "array: there's no x.array() here\n  hint: write await x.toArray(); x.toArraySync() gives it at once",
  ],
  [x, '0', "at: there's no x[0] here\n  hint: write x.at(0); x.setAt([0], value) writes"],
  [model, 'state_dict', "state_dict: there's no model.state_dict() here\n  hint: write model.stateDict()"],
  [
    model,
    'named_parameters',
    "named_parameters: there's no model.named_parameters() here\n  hint: write model.namedParameters()",
  ],
  [
    optimizer,
    'zero_grad',
    "zero_grad: there's no optimizer.zero_grad() here\n  hint: write optimizer.zeroGrad()",
  ],
  [
    optimizer,
    'param_groups',
    "param_groups: there's no optimizer.param_groups here\n  hint: write optimizer.paramGroups",
  ],
  [
    scheduler,
    'get_last_lr',
    "get_last_lr: there's no scheduler.get_last_lr() here\n  hint: write scheduler.getLastLr()",
  ],
  [
    scheduler,
    'last_epoch',
    "last_epoch: there's no scheduler.last_epoch here\n  hint: write scheduler.lastEpoch",
  ],
  [loader, 'batch_size', "batch_size: there's no loader.batch_size here\n  hint: write loader.batchSize"],
] as const)('%#', (object, name, message) => {
  for (const thrown of messages(object, name)) expect(thrown).toBe(message);
});

test('x.data is a method, which nothing else takes the place of', async () => {
  const parameter = new nn.Parameter(ones([2]));
  const error = failure(() => Reflect.set(parameter, 'data', x));
  expect(error).toBeInstanceOf(NameError);
  expect((error as NameError).message).toBe(
    "data: there's no x.data = y here\n  hint: write noGrad(() => x.copy_(y)); await x.data() reads the elements",
  );
  expect(await parameter.data()).toEqual(new Float32Array([1, 1]));
});

test('the error names what to write', () => {
  const [error] = uses(x, 'tolist') as [NameError];
  expect([error.name, error.operation, error.instead]).toEqual(['NameError', 'tolist', 'await x.toArray()']);
});

test('a module is named where it happened', () => {
  class Net extends nn.Module {
    readonly inner = new nn.Sequential(new Old());
    forward(x: Tensor): Tensor {
      return this.inner.forward(x);
    }
  }
  class Old extends nn.Module {
    forward(x: Tensor): Tensor {
      return (x as unknown as { log_softmax(dim: number): Tensor }).log_softmax(1);
    }
  }
  expect(() => new Net().forward(x)).toThrow(
    "log_softmax (inner.0): there's no x.log_softmax() here\n  hint: write x.logSoftmax()",
  );
});

test('in-place habits are those of methods that have no such form', () => {
  for (const name of inPlaceHabits) {
    expect(x).toHaveProperty(name);
    expect(messages(x, `${name}_`)).toHaveLength(1);
  }
});

describe('devices', () => {
  const hint = "\n  hint: write await setEngine('native'); tensors are made on the engine that it chooses";

  test.each(['cuda', 'cuda:0', 'cpu', 'gpu', 'mps'])('%s', (device) => {
    expect(failure(() => x.to(device as 'int32'))).toBeInstanceOf(NameError);
    expect(() => x.to(device as 'int32')).toThrow(`to: there's no device '${device}' here${hint}`);
    expect(() => model.to(device as 'float32')).toThrow(`to: there's no device '${device}' here${hint}`);
  });

  test('as an option', () => {
    expect(() => ones([2], { device: 'cuda' } as object)).toThrow(`ones: there's no option 'device'${hint}`);
  });
});

test.each(['num_workers', 'numWorkers'])(
  'the option %s names the data set that has threads',
  async (name) => {
    expect(() => new data.DataLoader(loader.dataset, { [name]: 2 })).toThrow(
      `DataLoader: there's no option '${name}'\n  hint: write await data.WorkerDataset.start(new URL('./images.js', import.meta.url), { workers: 4 }); a data set for the loader, whose examples are made in threads`,
    );
    await expect(data.WorkerDataset.start(new URL(import.meta.url), { [name]: 2 })).rejects.toThrow(
      `WorkerDataset: there's no option '${name}'; did you mean 'workers'?`,
    );
  },
);

describe("a value that isn't awaited", () => {
  const message =
    "item: a promise isn't a number yet\n  hint: write await loss.item(); loss.itemSync() gives it at once";

  test.each<[string, () => unknown]>([
    ['a sum', () => 0 + (x.sum().item() as unknown as number)],
    ['a comparison', () => (x.sum().item() as unknown as number) < 1],
    ['text', () => `loss ${x.sum().item() as unknown as string}`],
  ])('%s', (_, use) => {
    expect(failure(use)).toBeInstanceOf(ArgumentError);
    expect(use).toThrow(message);
  });

  test('one that fails is told of once', async () => {
    expect(() => `${x.item() as unknown as string}`).toThrow(message);
    // A rejection that nobody handles would fail the test.
    await new Promise((resolve) => setTimeout(resolve, 0));
  });

  test('awaited it is a number', async () => {
    expect(await x.sum().item()).toBe(6);
    expect(inspect(x.sum().item())).toBe('Promise { <pending> }');
  });
});

describe('objects stay what they are', () => {
  test.each([
    ['a tensor', x],
    ['a module', model],
    ['an optimizer', optimizer],
    ['a scheduler', scheduler],
    ['a loader', loader],
  ])('%s can be printed, gone through and awaited', async (_, object) => {
    expect(inspect(object)).not.toContain('numpy');
    expect(inspect(object, { getters: true, customInspect: false, depth: 0 })).toContain('{');
    for (const key in object) expect(Object.keys(object)).toContain(key);
    expect(Reflect.get(object, 'then')).toBeUndefined();
    expect(await object).toBe(object);
  });

  test('vitest compares tensors and prints their difference', () => {
    expect({ x }).toEqual({ x: ones([2, 3]) });
    expect(() => expect({ x }).toEqual({ x: ones([3]) })).toThrow(
      'to deeply equal { x: tensor([1., 1., 1.]) }',
    );
  });

  test('JSON refuses a tensor, and takes the options of an optimizer', () => {
    expect(() => JSON.stringify({ x })).toThrow("JSON.stringify: a tensor isn't JSON");
    expect(JSON.stringify({ lr: optimizer.paramGroups[0]!.lr })).toBe('{"lr":0.1}');
  });

  test("a subclass may use PyTorch's names for its own members", () => {
    class Mine extends nn.Module {
      half = 0.5;
      state_dict(): string {
        return 'mine';
      }
      forward(): void {}
    }
    const mine = new Mine();
    Object.assign(mine, { cuda: true });
    expect([mine.half, mine.state_dict(), Reflect.get(mine, 'cuda')]).toEqual([0.5, 'mine', true]);
  });
});

test('an optimizer prints its options', () => {
  expect(String(optimizer)).toBe(
    'SGD(lr=0.1, momentum=0, dampening=0, nesterov=false, weightDecay=0, maximize=false, initialLr=0.1, params=2)',
  );
  const [weight, bias] = model.parameters();
  const groups = new optim.Adam([{ params: [weight!] }, { params: [bias!], lr: 1e-4 }], { lr: 0.01 });
  const rest = 'betas=[0.9, 0.999], eps=1e-8, amsgrad=false, weightDecay=0, maximize=false, params=1';
  expect(inspect(groups)).toBe(`Adam(\n  (0): lr=0.01, ${rest}\n  (1): lr=0.0001, ${rest}\n)`);
});
