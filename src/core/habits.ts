// What people who come from PyTorch type, and what to write here. The errors that classes throw for these names and
// the table in docs/from-pytorch.md come from these lists.

import { oneOfWords } from './describe.js';
import { engineNames } from './engine-names.js';

/** Something that PyTorch's users write, and what does the same here. */
export interface Habit {
  /** As it's written in Python: `x.numpy()`, `x.device`. */
  readonly torch: string;
  readonly ours: string;
  /** What else to know, to follow a semicolon. */
  readonly note?: string;
}

/** The end of a message that says what to write. */
export const hintOf = ({ ours, note }: Habit): string =>
  `\n  hint: write ${ours}${note === undefined ? '' : `; ${note}`}`;

/** PyTorch's names for members of a class that are called something else here; `torch` shows which are called. */
export type Habits = Readonly<Record<string, Habit>>;

const toSame = (name: string, dtype: string, note: string): Habit => ({
  torch: `x.${name}()`,
  ours: `x.to('${dtype}')`,
  note,
});

const engineNote = oneOfWords(engineNames);

/** Members of Tensor, and what NumPy and TensorFlow.js call them. */
export const tensorHabits = {
  numpy: {
    torch: 'x.numpy()',
    ours: 'await x.data()',
    note: 'a typed array; await x.toArray() gives nested arrays',
  },
  array: { torch: 'x.array()', ours: 'await x.toArray()', note: 'x.toArraySync() gives it at once' },
  tolist: { torch: 'x.tolist()', ours: 'await x.toArray()', note: 'x.toArraySync() gives it at once' },
  cpu: { torch: 'x.cpu()', ours: 'x', note: 'values are read in the same way from every engine' },
  cuda: {
    torch: 'x.cuda()',
    ours: 'x',
    note: 'tensors are made on the engine that setEngine chooses',
  },
  device: { torch: 'x.device', ours: 'x.engine.name', note: engineNote },
  is_cuda: { torch: 'x.is_cuda', ours: 'x.engine.name', note: engineNote },
  get_device: { torch: 'x.get_device()', ours: 'x.engine.name', note: engineNote },
  long: toSame('long', 'int32', "there's no int64"),
  short: toSame('short', 'int32', "there's no int16"),
  char: toSame('char', 'int32', "there's no int8"),
  half: toSame('half', 'float32', "there's no float16"),
  bfloat16: toSame('bfloat16', 'float32', "there's no bfloat16"),
  type: { torch: 'x.type(torch.float64)', ours: "x.to('float64')", note: 'x.dtype is what it is now' },
  nelement: { torch: 'x.nelement()', ours: 'x.numel()' },
  ndimension: { torch: 'x.ndimension()', ours: 'x.ndim' },
  stride: { torch: 'x.stride()', ours: 'x.strides' },
  length: { torch: 'x.length', ours: 'x.size(0)', note: 'x.numel() counts all elements' },
  data_ptr: {
    torch: 'x.data_ptr()',
    ours: 'x.storage',
    note: 'memory has no address; tensors that share it have the same storage',
  },
  untyped_storage: {
    torch: 'x.untyped_storage()',
    ours: 'x.storage',
    note: 'await x.data() reads the elements',
  },
  element_size: {
    torch: 'x.element_size()',
    ours: '(await x.data()).BYTES_PER_ELEMENT',
    note: '4 for float32 and int32, 8 for float64, 1 for uint8 and bool',
  },
  storage_offset: { torch: 'x.storage_offset()', ours: 'x.offset' },
  is_floating_point: { torch: 'x.is_floating_point()', ours: "x.dtype.startsWith('float')" },
  copy: { torch: 'x.copy()', ours: 'x.clone()', note: "x.copy_(y) copies y's elements into x" },
  pin_memory: { torch: 'x.pin_memory()', ours: 'x' },
  detach_: { torch: 'x.detach_()', ours: 'x = x.detach()' },
  apply_: {
    torch: 'x.apply_(f)',
    ours: 'x.copy_(x.square())',
    note: 'functions take whole tensors, not one element at a time',
  },
  map_: {
    torch: 'x.map_(y, f)',
    ours: 'x.copy_(x.mul(y))',
    note: 'functions take whole tensors, not one element at a time',
  },
  unsqueeze_: {
    torch: 'x.unsqueeze_(0)',
    ours: 'x = x.unsqueeze(0)',
    note: "a tensor's shape never changes",
  },
  squeeze_: { torch: 'x.squeeze_()', ours: 'x = x.squeeze()', note: "a tensor's shape never changes" },
  t_: { torch: 'x.t_()', ours: 'x = x.t()', note: "a tensor's shape never changes" },
  transpose_: {
    torch: 'x.transpose_(0, 1)',
    ours: 'x = x.transpose(0, 1)',
    note: "a tensor's shape never changes",
  },
  resize_: {
    torch: 'x.resize_(2, 3)',
    ours: 'x = x.reshape([2, 3])',
    note: "a tensor's shape never changes",
  },
  absolute: { torch: 'x.absolute()', ours: 'x.abs()' },
  negative: { torch: 'x.negative()', ours: 'x.neg()' },
  multiply: { torch: 'x.multiply(y)', ours: 'x.mul(y)' },
  subtract: { torch: 'x.subtract(y)', ours: 'x.sub(y)' },
  divide: { torch: 'x.divide(y)', ours: 'x.div(y)' },
  true_divide: { torch: 'x.true_divide(y)', ours: 'x.div(y)' },
  greater: { torch: 'x.greater(y)', ours: 'x.gt(y)' },
  greater_equal: { torch: 'x.greater_equal(y)', ours: 'x.ge(y)' },
  less: { torch: 'x.less(y)', ours: 'x.lt(y)' },
  less_equal: { torch: 'x.less_equal(y)', ours: 'x.le(y)' },
  not_equal: { torch: 'x.not_equal(y)', ours: 'x.ne(y)' },
  '0': { torch: 'x[0]', ours: 'x.at(0)', note: 'x.setAt([0], value) writes' },
  '-1': { torch: 'x[-1]', ours: 'x.at(-1)', note: 'x.setAt([-1], value) writes' },
} as const satisfies Habits;

/** Members of nn.Module. */
export const moduleHabits = {
  cpu: { torch: 'model.cpu()', ours: 'model', note: 'there are no devices' },
  cuda: {
    torch: 'model.cuda()',
    ours: 'model',
    note: 'tensors are made on the engine that setEngine chooses',
  },
  float: { torch: 'model.float()', ours: "model.to('float32')" },
  double: { torch: 'model.double()', ours: "model.to('float64')" },
  half: { torch: 'model.half()', ours: "model.to('float32')", note: "there's no float16" },
  bfloat16: { torch: 'model.bfloat16()', ours: "model.to('float32')", note: "there's no bfloat16" },
  register_parameter: {
    torch: "self.register_parameter('w', w)",
    ours: 'this.w = new nn.Parameter(w)',
    note: 'fields that hold parameters are found',
  },
  register_buffer: {
    torch: "self.register_buffer('mean', mean)",
    ours: 'this.mean = new nn.Buffer(mean)',
    note: 'fields that hold buffers are found',
  },
  add_module: {
    torch: "self.add_module('fc', fc)",
    ours: 'this.fc = fc',
    note: 'fields that hold modules are found',
  },
  register_module: {
    torch: "self.register_module('fc', fc)",
    ours: 'this.fc = fc',
    note: 'fields that hold modules are found',
  },
} as const satisfies Habits;

/** Python's way to index, on containers of modules and parameters. */
export const containerHabits = {
  '0': { torch: 'model[0]', ours: 'model.at(0)' },
  '-1': { torch: 'model[-1]', ours: 'model.at(-1)' },
} as const satisfies Habits;

/** Members of recurrent layers. */
export const recurrentHabits = {
  flatten_parameters: {
    torch: 'rnn.flatten_parameters()',
    ours: 'rnn',
    note: 'weights are read from wherever they are',
  },
  weight_ih_l0: { torch: 'rnn.weight_ih_l0', ours: 'rnn.weightIhL0', note: 'and so on, weightHhL1Reverse' },
} as const satisfies Habits;

/** Python's way to index, on data sets. */
export const datasetHabits = {
  '0': {
    torch: 'dataset[0]',
    ours: 'await dataset.get(0)',
    note: 'your own data sets define get and length',
  },
} as const satisfies Habits;

/** Names of devices, which engines take the place of. */
export const deviceHabit = {
  torch: "x.to('cuda'), model.to(device)",
  ours: "await setEngine('native')",
  note: 'tensors are made on the engine that it chooses',
} as const satisfies Habit;

/** Threads that load examples, an option of PyTorch's loader. */
const workersHabit = {
  torch: 'DataLoader(dataset, num_workers=4)',
  ours: "await data.WorkerDataset.start(new URL('./images.js', import.meta.url), { workers: 4 })",
  note: 'a data set for the loader, whose examples are made in threads',
} as const satisfies Habit;

/** Options that only PyTorch has. */
export const optionHabits: Readonly<Record<string, Habit>> = {
  device: deviceHabit,
  num_workers: workersHabit,
};

/** Writing to `x.data`, which is a method here. */
export const dataHabit = {
  torch: 'x.data = y',
  ours: 'noGrad(() => x.copy_(y))',
  note: 'await x.data() reads the elements',
} as const satisfies Habit;

/** What `x.item()` is used as before it's awaited. */
export const itemHabit = {
  torch: 'loss.item()',
  ours: 'await loss.item()',
  note: 'loss.itemSync() gives it at once',
} as const satisfies Habit;

/** PyTorch's in-place methods that have no counterpart: `x.sin_()`. */
export const inPlaceHabits: readonly string[] =
  'acos acosh asin asinh atan atan2 atanh bitwiseAnd bitwiseNot bitwiseOr bitwiseXor clampMax clampMin clip copysign cos cosh cumprod cumsum digamma eq erf erfc erfinv exp2 expm1 floorDivide fmod frac ge gt hypot le lgamma log10 log1p log2 logicalXor logit lt ne rsub sgn sign sin sinc sinh tan tril triu xlogy'.split(
    ' ',
  );

/** A form that changes the tensor itself, where only the one that makes a new tensor is here. */
export const inPlaceHabit = (name: string): Habit => ({
  torch: `x.${name}_()`,
  ours: `x.copy_(x.${name}())`,
  note: 'or go on with the new tensor',
});

/** What has no name that could answer: Python's syntax, and functions of PyTorch's modules. */
export const languageHabits = {
  tensors: [
    {
      torch: 'torch.masked_fill, F.cross_entropy, …',
      ours: 'x.maskedFill(mask, 0)',
      note: 'every name is camelCase; an underscore at its end still means in place',
    },
    {
      torch: 'torch.tensor([1, 2])',
      ours: 'tensor([1, 2])',
      note: 'float32, unless the dtype says otherwise',
    },
    { torch: 'torch.from_numpy(a)', ours: 'tensor(new Float32Array(6))', note: 'a copy of a typed array' },
    { torch: 'torch.zeros(2, 3)', ours: 'zeros([2, 3])', note: 'a shape is one list' },
    { torch: 'x.view(-1, 2)', ours: 'x.view([-1, 2])', note: 'numbers that belong together are one list' },
    { torch: 'x.size(0)', ours: 'x.size(0)', note: "x.shape[0] and x.T don't change either" },
    { torch: 'len(x)', ours: 'x.size(0)' },
    {
      torch: 'x.storage()',
      ours: 'x.storage',
      note: 'the memory that views share; await x.data() reads the elements',
    },
    { torch: 'for row in x:', ours: 'for (const row of x) {}' },
    { torch: 'dtype=torch.int64', ours: "ones([2], { dtype: 'int32' })", note: "there's no int64" },
    { torch: 'x[:, 1:]', ours: 'x.at(slice(), slice(1))' },
    { torch: 'x[mask] = 0', ours: 'x.setAt([mask], 0)' },
    { torch: 'x + 2 * y', ours: 'x.add(y.mul(2))', note: "JavaScript's operators don't work on tensors" },
    dataHabit,
    { torch: 'x.data.fill_(0)', ours: 'noGrad(() => x.fill_(0))', note: 'await x.data() reads the elements' },
    { torch: 'x @ w', ours: 'x.matmul(w)' },
    { torch: 'x > 0, x == y', ours: 'x.gt(0)', note: 'x.eq(y) compares elements' },
    { torch: 'torch.equal(x, y)', ours: 'await x.equal(y)', note: 'x.equalSync(y) answers at once' },
    { torch: 'x.sum(dim=1, keepdim=True)', ours: 'x.sum(1, { keepdim: true })' },
    { torch: 'print(x)', ours: 'console.log(String(x))' },
  ],
  gradients: [
    { torch: 'with torch.no_grad():', ours: 'noGrad(() => model.forward(x))' },
    { torch: 'torch.autograd.grad(y, x)', ours: 'grad(y, [x])' },
    { torch: 'y.backward(torch.ones_like(y))', ours: 'y.backward(onesLike(y))' },
  ],
  modules: [
    { torch: 'nn.Linear(4, 2)', ours: 'new nn.Linear(4, 2)' },
    { torch: 'nn.Conv2d(3, 8, 3, padding=1)', ours: 'new nn.Conv2d(3, 8, 3, { padding: 1 })' },
    {
      torch: 'nn.init.kaiming_uniform_(w)',
      ours: 'nn.init.kaimingUniform_(w)',
      note: 'a name of a namespace: nn.utils.clipGradNorm_(model.parameters(), 1) is another',
    },
    { torch: 'model(x)', ours: 'model.forward(x)' },
    {
      torch: 'out, (h, c) = nn.LSTM(3, 4, batch_first=True)(x)',
      ours: 'const [out, [h, c]] = new nn.LSTM(3, 4, { batchFirst: true }).forward(x)',
      note: 'with lengths: forward(x, null, { lengths })',
    },
    {
      torch: 'pack_padded_sequence(x, lengths, enforce_sorted=False)',
      ours: 'nn.utils.rnn.packPaddedSequence(x, [3, 5], { enforceSorted: false })',
    },
    { torch: 'criterion(output, target)', ours: 'criterion.forward(output, target)' },
    { torch: 'print(model)', ours: 'console.log(String(model))' },
    {
      torch: "torch.save(model.state_dict(), 'model.pt')",
      ours: "await io.saveTorch('model.pt', model.stateDict())",
      note: 'PyTorch loads it',
    },
    {
      torch: "model.load_state_dict(torch.load('model.pt'))",
      ours: "model.loadStateDict(io.loadTorch('model.pt'))",
    },
    { torch: 'sum(p.numel() for p in model.parameters())', ours: 'model.numParameters()' },
    {
      torch: 'for p in model.parameters(): p.requires_grad = False',
      ours: 'model.freeze()',
      note: 'keeps batch norms and dropout in evaluation, too',
    },
  ],
  optimizers: [
    {
      torch: 'optim.SGD(model.parameters(), lr=0.1)',
      ours: 'new optim.SGD(model.parameters(), { lr: 0.1 })',
    },
    { torch: 'optimizer.zero_grad()', ours: 'optimizer.zeroGrad()' },
    {
      torch: 'optim.lr_scheduler.StepLR(optimizer, 10)',
      ours: 'new optim.lrScheduler.StepLR(optimizer, 10)',
    },
    { torch: "optimizer.param_groups[0]['lr'] = 0.01", ours: 'optimizer.paramGroups[0]!.lr = 0.01' },
    { torch: 'print(optimizer)', ours: 'console.log(String(optimizer))' },
  ],
  data: [
    {
      torch: 'DataLoader(dataset, batch_size=32, shuffle=True)',
      ours: 'new data.DataLoader(dataset, { batchSize: 32, shuffle: true })',
    },
    workersHabit,
    { torch: 'for x, y in loader:', ours: 'for await (const [x, y] of loader) {}' },
    { torch: 'len(dataset), len(loader)', ours: 'dataset.length' },
  ],
  devices: [
    { torch: 'torch.cuda.is_available()', ours: 'engineInfo().name', note: 'the engine that is in use' },
    { torch: 'torch.manual_seed(0)', ours: 'manualSeed(0)' },
  ],
} as const satisfies Readonly<Record<string, readonly Habit[]>>;
