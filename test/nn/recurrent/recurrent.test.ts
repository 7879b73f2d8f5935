/** Recurrent layers and cells: their sizes, what they print, warn of, and refuse. */
import { expect, test } from 'vitest';
import { ArgumentError, DTypeError, EngineError, MyelinError, ShapeError } from '../../../src/core/errors.js';
import {
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  ones,
  onWarning,
  randint,
  randn,
  setEngine,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { testEngines } from '../../helpers/engines.js';

const wrong = (value: unknown): never => value as never;

setEngine(testEngines[0]!);

test("the course's layers have its numbers of parameters", () => {
  expect(new nn.RNN(50, 64).numParameters()).toBe(7424);
  expect(new nn.LSTM(50, 64).numParameters()).toBe(29696);
  expect(new nn.GRU(50, 64).numParameters()).toBe(22272);
  const gru = new nn.GRU(64, 256, { numLayers: 4, bidirectional: true, batchFirst: true });
  expect(gru.numParameters()).toBe(4042752);
  const [output, hN] = gru.forward(randn([2, 3, 64]));
  expect(output.shape).toEqual([2, 3, 512]);
  expect(hN.shape).toEqual([8, 2, 256]);
});

test('fields, keys, and shapes of the weights are those of PyTorch', () => {
  const lstm = new nn.LSTM(3, 5, 2, { bidirectional: true, projSize: 2 });
  expect(Object.entries(lstm.stateDict()).map(([key, x]) => `${key} ${x.shape}`)).toEqual([
    ...['weight_ih_l0 20,3', 'weight_hh_l0 20,2', 'bias_ih_l0 20', 'bias_hh_l0 20', 'weight_hr_l0 2,5'],
    ...['weight_ih_l0_reverse 20,3', 'weight_hh_l0_reverse 20,2', 'bias_ih_l0_reverse 20'],
    ...['bias_hh_l0_reverse 20', 'weight_hr_l0_reverse 2,5'],
    ...['weight_ih_l1 20,4', 'weight_hh_l1 20,2', 'bias_ih_l1 20', 'bias_hh_l1 20', 'weight_hr_l1 2,5'],
    ...['weight_ih_l1_reverse 20,4', 'weight_hh_l1_reverse 20,2', 'bias_ih_l1_reverse 20'],
    ...['bias_hh_l1_reverse 20', 'weight_hr_l1_reverse 2,5'],
  ]);
  expect(lstm.weightHhL1Reverse).toBe(
    lstm.namedParameters().find(([key]) => key === 'weight_hh_l1_reverse')![1],
  );
  expect(Object.keys(new nn.GRUCell(3, 4).stateDict())).toEqual([
    'weight_ih',
    'weight_hh',
    'bias_ih',
    'bias_hh',
  ]);
  expect(Object.keys(new nn.GRU(3, 4, { bias: false }).stateDict())).toEqual([
    'weight_ih_l0',
    'weight_hh_l0',
  ]);
});

test('they print as in PyTorch', () => {
  onWarning(() => {});
  const all = { bias: false, batchFirst: true, dropout: 0.1, bidirectional: true, projSize: 2 };
  expect(String(new nn.LSTM(3, 4, 2, all))).toBe(
    'LSTM(3, 4, projSize=2, numLayers=2, bias=false, batchFirst=true, dropout=0.1, bidirectional=true)',
  );
  expect(String(new nn.GRU(3, 4))).toBe('GRU(3, 4)');
  expect(String(new nn.RNN(3, 4, { nonlinearity: 'relu' }))).toBe('RNN(3, 4, nonlinearity=relu)');
  expect(String(new nn.RNNCell(3, 4, { nonlinearity: 'relu', bias: false }))).toBe(
    'RNNCell(3, 4, bias=false, nonlinearity=relu)',
  );
  expect(String(new nn.LSTMCell(3, 4))).toBe('LSTMCell(3, 4)');
  onWarning(null);
});

test('a copy, another dtype, and weight norm work as for other layers', () => {
  manualSeed(1);
  const lstm = new nn.LSTM(3, 4, 2);
  const x = randn([5, 2, 3]);
  const [output] = lstm.forward(x);
  expect(lstm.clone().forward(x)[0].equalSync(output)).toBe(true);
  const wide = lstm.clone().to('float64').forward(x.to('float64'))[0];
  expect(wide.dtype).toBe('float64');
  expect(wide.to('float32').allcloseSync(output)).toBe(true);
  const normed = nn.utils.weightNorm(lstm.clone(), { name: 'weightHhL1' });
  expect(Object.keys(normed.stateDict())).toContain('weight_hh_l1_g');
  expect(normed.forward(x)[0].allcloseSync(output)).toBe(true);
});

test('the summary counts the products of real steps', () => {
  const lstm = new nn.LSTM(3, 4, 2, { bidirectional: true });
  const each = 2 * (16 * (3 + 4) + 16 * (8 + 4));
  expect(nn.summary(lstm, [5, 2, 3]).multiplyAdds).toBe(10 * each);
  const x = zeros([5, 2, 3]);
  expect(lstm.multiplyAdds([x, null, { lengths: [5, 2] }])).toBe(7 * each);
  expect(lstm.multiplyAdds([nn.utils.rnn.packPaddedSequence(x, [5, 2])])).toBe(7 * each);
  const projecting = new nn.LSTM(3, 4, { projSize: 2 });
  expect(nn.summary(projecting, [5, 2, 3]).multiplyAdds).toBe(10 * (16 * (3 + 2) + 2 * 4));
  expect(nn.summary(new nn.GRUCell(3, 4), [2, 3]).multiplyAdds).toBe(2 * 12 * (3 + 4));
});

test.each<[string, () => number]>([
  ['LSTM: inputs must be a list, got null', () => lstm.multiplyAdds(wrong(null))],
  ['LSTM: x must be a tensor or a PackedSequence, got undefined', () => lstm.multiplyAdds([])],
  ['LSTM: x needs 3 axes, or 2 without a batch', () => lstm.multiplyAdds([zeros([])])],
  ['LSTM: features disagree', () => lstm.multiplyAdds([zeros([5, 2, 4])])],
  ['LSTM: the options must be an object, got 3', () => lstm.multiplyAdds([x, null, 3])],
  [
    'LSTM: lengths[0] must be a whole number from 1 to 5, the padded length, got -3',
    () => lstm.multiplyAdds([x, null, { lengths: [-3, 2] }]),
  ],
  [
    'GRUCell: inputs[0] must be a tensor, got undefined',
    () => new nn.GRUCell(3, 4).multiplyAdds(wrong(undefined)),
  ],
  ['Linear: output must be a tensor, got 5', () => new nn.Linear(2, 3).multiplyAdds([], 5)],
  ['BatchNorm1d: output must be a tensor, got null', () => new nn.BatchNorm1d(2).multiplyAdds([], null)],
  [
    'LayerNorm: output must be a tensor, got undefined',
    () => new nn.LayerNorm([2]).multiplyAdds([], undefined),
  ],
  [
    'ConvTranspose1d: inputs[0] must be a tensor, got 1',
    () => new nn.ConvTranspose1d(1, 1, 1).multiplyAdds([1]),
  ],
])('multiply-adds of what no forward takes or gives: %s', (message, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(MyelinError);
});

test('dropout between layers warns if there is nothing between', () => {
  const warnings: string[] = [];
  onWarning(({ operation, message }) => warnings.push(`${operation}: ${message}`));
  new nn.GRU(3, 4, { dropout: 0.5 });
  new nn.GRU(3, 4, 2, { dropout: 0.5 });
  onWarning(null);
  expect(warnings).toEqual(['GRU: drops outputs between layers, so dropout 0.5 does nothing with one layer']);
});

test('gradients of any order, in float64, on lengths and in both directions', () => {
  manualSeed(2);
  const lstm = new nn.LSTM(2, 3, 2, { bidirectional: true, projSize: 2, dtype: 'float64' });
  const gru = new nn.GRU(2, 2, { batchFirst: true, bias: false, dtype: 'float64' });
  const double = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64', requiresGrad: true });
  const ofLSTM = (x: Tensor, h: Tensor, c: Tensor, ..._weights: Tensor[]): Tensor[] =>
    lstm.forward(x, [h, c], { lengths: [2, 3] }).flat();
  const lstmInputs = [double(3, 2, 2), double(4, 2, 2), double(4, 2, 3), ...lstm.parameters()] as const;
  gradcheck(ofLSTM as never, [...lstmInputs]);
  gradgradcheck(ofLSTM as never, lstmInputs.slice(0, 3) as Tensor[]);
  const ofGRU = (x: Tensor, h: Tensor, ..._weights: Tensor[]): Tensor[] =>
    gru.forward(x, h, { lengths: [1, 3] });
  const gruInputs = [double(2, 3, 2), double(1, 2, 2), ...gru.parameters()];
  gradcheck(ofGRU as never, gruInputs);
  gradgradcheck(ofGRU as never, gruInputs);
});

test('a sequence may have hundreds of thousands of steps', () => {
  const gru = new nn.GRU(1, 2);
  const long = randn([300_000, 1]);
  const [output, hN] = gru.forward(long, null);
  expect(output.at(-1).equalSync(hN.at(0))).toBe(true);
  output.sum().backward();
  expect(gru.weightHhL0!.grad!.isfinite().all().itemSync()).toBe(1);
});

test('gates are what the outputs are made of', () => {
  manualSeed(3);
  const lstm = new nn.LSTM(3, 4, 2, { bidirectional: true, batchFirst: true });
  const x = randn([2, 5, 3]);
  const gates = lstm.gates(x);
  expect(gates.length).toBe(4);
  const last = gates.slice(2).map(({ o, c }) => o.mul(c.tanh()));
  const [output, [, cN]] = lstm.forward(x);
  expect(last[0]!.allcloseSync(output.narrow(2, 0, 4))).toBe(true);
  expect(last[1]!.allcloseSync(output.narrow(2, 4, 4))).toBe(true);
  expect(gates[0].c.select(1, 4).allcloseSync(cN.select(0, 0))).toBe(true);
  expect(gates[1]!.c.select(1, 0).allcloseSync(cN.select(0, 1))).toBe(true);
  const { i, f, g, c } = gates[0];
  const before = c.narrow(1, 0, 4);
  expect(
    f
      .narrow(1, 1, 4)
      .mul(before)
      .add(i.mul(g).narrow(1, 1, 4))
      .allcloseSync(c.narrow(1, 1, 4)),
  ).toBe(true);

  const gru = new nn.GRU(3, 4);
  const h0 = randn([1, 2, 4]);
  const [{ r, z, n }] = gru.gates(randn([1, 2, 3]), h0);
  for (const gate of [r, z]) expect(gate.gt(0).all().itemSync() && gate.lt(1).all().itemSync()).toBeTruthy();
  expect(n.shape).toEqual([1, 2, 4]);
  const [{ f: padded }] = new nn.LSTM(3, 4).gates(randn([5, 2, 3]), null, { lengths: [2, 5] });
  expect(padded.select(1, 0).abs().sum(1).toArraySync()).toEqual([
    expect.anything(),
    expect.anything(),
    0,
    0,
    0,
  ]);
});

test('the derivatives of a state with respect to the first one, by a copy for each element', () => {
  manualSeed(4);
  const rnn = new nn.RNN(2, 3);
  const h0 = zeros([1, 3, 3], { requiresGrad: true });
  const [states] = rnn.forward(randn([4, 1, 2]).expand([4, 3, 2]), h0);
  // ∂h_t/∂h_{t−1} = diag(1 − h_t²) W_hh
  let expected: Tensor | null = null;
  for (const h of states.detach()) {
    const step: Tensor = h.select(0, 0).square().rsub(1).unsqueeze(1).mul(rnn.weightHhL0!.detach());
    expected = expected === null ? step : step.matmul(expected);
  }
  const [found] = grad(states.at(-1).diagonal().sum(), h0);
  expect(found!.squeeze(0).allcloseSync(expected!)).toBe(true);
});

const lstm = new nn.LSTM(3, 4);
const x = zeros([5, 2, 3]);

test('without sequences there are results without elements, as in PyTorch, and gradients of zeros', () => {
  const none = zeros([5, 0, 3], { requiresGrad: true });
  for (const net of [new nn.LSTM(3, 4, 2, { bidirectional: true }), new nn.GRU(3, 4), new nn.RNN(3, 4)]) {
    const [output, state] = (net as nn.GRU).forward(none) as [Tensor, Tensor | Tensor[]];
    expect(output.shape.slice(0, 2)).toEqual([5, 0]);
    expect([state].flat()[0]!.shape[1]).toBe(0);
    output.sum().backward();
    for (const parameter of net.parameters()) expect(parameter.grad!.abs().sum().itemSync()).toBe(0);
  }
  expect(lstm.forward(zeros([5, 0, 3]), null, { lengths: [] })[0].shape).toEqual([5, 0, 4]);
  expect(new nn.GRUCell(3, 4).forward(zeros([0, 3])).shape).toEqual([0, 4]);
});

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  ['LSTM: inputSize must be a whole number of at least 1, got 0', ArgumentError, () => new nn.LSTM(0, 4)],
  [
    "GRU: hiddenSize must be a whole number of at least 1, got '4'",
    ArgumentError,
    () => new nn.GRU(3, wrong('4')),
  ],
  ['RNN: numLayers must be a whole number of at least 1, got 0', ArgumentError, () => new nn.RNN(3, 4, 0)],
  ['RNN: would make 10000000000 tensors', ArgumentError, () => new nn.RNN(3, 4, 1e9)],
  [
    'LSTM: dropout must be a number from 0 to 1, got 1.5',
    ArgumentError,
    () => new nn.LSTM(3, 4, { dropout: 1.5 }),
  ],
  [
    'LSTM: projSize must be less than hiddenSize, which is 4, got 4',
    ArgumentError,
    () => new nn.LSTM(3, 4, { projSize: 4 }),
  ],
  ["GRU: there's no option 'projSize'", ArgumentError, () => new nn.GRU(3, 4, wrong({ projSize: 2 }))],
  [
    "RNN: nonlinearity must be 'tanh' or 'relu', got 'sigmoid'",
    ArgumentError,
    () => new nn.RNN(3, 4, { nonlinearity: wrong('sigmoid') }),
  ],
  ['LSTM: numLayers is given twice', ArgumentError, () => new nn.LSTM(3, 4, 2, { numLayers: 2 })],
  [
    'GRU: takes (inputSize, hiddenSize, numLayers, options)',
    ArgumentError,
    () => new nn.GRU(3, 4, 2, {}, wrong(true)),
  ],
  [
    'LSTM: x must be a tensor or a PackedSequence, got [[…]]',
    ArgumentError,
    () => lstm.forward(wrong([[1]])),
  ],
  ['LSTM: x needs 3 axes, or 2 without a batch', ShapeError, () => lstm.forward(zeros([3]))],
  ['LSTM: x needs at least one step', ShapeError, () => lstm.forward(zeros([0, 2, 3]))],
  ['LSTM: x needs at least one step', ShapeError, () => lstm.forward(zeros([0, 3]))],
  [
    'LSTM: features disagree\n  x           (…, F)    [5, 2, 4]  F = 4\n  weightIhL0  (G·H, F)  [16, 3]    expects F = 3',
    ShapeError,
    () => lstm.forward(zeros([5, 2, 4])),
  ],
  ['LSTM: x is float64, the weights are float32', DTypeError, () => lstm.forward(x.to('float64'))],
  ['hint: nn.Embedding makes vectors of indices', DTypeError, () => lstm.forward(randint(0, 3, [5, 2, 3]))],
  [
    "LSTM: h0 doesn't fit\n  h0  (L·D, N, H)  [1, 3, 4]  expects [1, 2, 4]",
    ShapeError,
    () => lstm.forward(x, [zeros([1, 3, 4]), zeros([1, 2, 4])]),
  ],
  [
    "LSTM: c0 doesn't fit\n  c0  (L·D, H)  [1, 1, 4]  expects [1, 4]",
    ShapeError,
    () => lstm.forward(zeros([5, 3]), [zeros([1, 4]), zeros([1, 1, 4])]),
  ],
  [
    'LSTM: the states must be [h0, c0], or null for zeros, got a Tensor',
    ArgumentError,
    () => lstm.forward(x, wrong(zeros([1, 2, 4]))),
  ],
  [
    'GRU: h0 must be a tensor or null, got [a Tensor, a Tensor]',
    ArgumentError,
    () => new nn.GRU(3, 4).forward(x, wrong([x, x])),
  ],
  [
    'GRU: h0 must be a tensor or null, got { lengths }\n  hint: the options come after h0',
    ArgumentError,
    () => new nn.GRU(3, 4).forward(x, wrong({ lengths: [5, 2] })),
  ],
  [
    'LSTM: h0 is float64, the weights are float32',
    DTypeError,
    () => lstm.forward(x, [zeros([1, 2, 4], { dtype: 'float64' }), zeros([1, 2, 4])]),
  ],
  [
    'LSTM: lengths has 1 number for 2 sequences',
    ArgumentError,
    () => lstm.forward(x, null, { lengths: [5] }),
  ],
  [
    'LSTM: lengths[1] must be a whole number from 1 to 5, the padded length, got 0',
    ArgumentError,
    () => lstm.forward(x, null, { lengths: [5, 0] }),
  ],
  [
    'LSTM: lengths[0] must be a whole number from 1 to 5, the padded length, got 6',
    ArgumentError,
    () => lstm.forward(x, null, { lengths: tensor([6, 1], { dtype: 'int32' }) }),
  ],
  [
    'LSTM: lengths[0] must be a whole number from 1 to 5, the padded length, got 1.5',
    ArgumentError,
    () => lstm.forward(x, null, { lengths: [1.5, 1] }),
  ],
  [
    'LSTM: lengths must be int32, got float32',
    DTypeError,
    () => lstm.forward(x, null, { lengths: tensor([5, 1]) }),
  ],
  [
    'LSTM: lengths must have one axis',
    ShapeError,
    () => lstm.forward(x, null, { lengths: tensor([[5, 1]], { dtype: 'int32' }) }),
  ],
  [
    'LSTM: lengths must be a list of numbers, or an int32 tensor, or null, got 5',
    ArgumentError,
    () => lstm.forward(x, null, { lengths: wrong(5) }),
  ],
  [
    'LSTM: lengths are for a batch of sequences',
    ShapeError,
    () => lstm.forward(zeros([5, 3]), null, { lengths: [5] }),
  ],
  [
    'LSTM: a PackedSequence has its own lengths; leave them out',
    ArgumentError,
    () => lstm.forward(nn.utils.rnn.packPaddedSequence(x, [5, 2]), null, { lengths: [5, 2] }),
  ],
  [
    'LSTM: the data of x needs 2 axes',
    ShapeError,
    () => lstm.forward(nn.utils.rnn.packSequence([tensor([1, 2])])),
  ],
  [
    "LSTM: there's no option 'length'; did you mean 'lengths'?",
    ArgumentError,
    () => lstm.forward(x, null, wrong({ length: [5, 2] })),
  ],
  [
    'LSTMCell: hiddenSize must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new nn.LSTMCell(3, 0),
  ],
  ["GRUCell: x doesn't fit", ShapeError, () => new nn.GRUCell(3, 4).forward(zeros([2, 4]))],
  [
    "GRUCell: h doesn't fit\n  x    [2, 3]\n  h    [1, 4]  expects [2, 4]",
    ShapeError,
    () => new nn.GRUCell(3, 4).forward(zeros([2, 3]), zeros([1, 4])),
  ],
  [
    'LSTMCell: the states must be [h, c], or null for zeros, got [a Tensor]',
    ArgumentError,
    () => new nn.LSTMCell(3, 4).forward(zeros([2, 3]), wrong([zeros([2, 4])])),
  ],
  [
    'RNNCell: h is float64, the weights are float32',
    DTypeError,
    () => new nn.RNNCell(3, 4).forward(zeros([2, 3]), zeros([2, 4], { dtype: 'float64' })),
  ],
  ['RNNCell: x must be a tensor, got 1', ArgumentError, () => new nn.RNNCell(3, 4).forward(wrong(1))],
])('%s', (message, type, call) => {
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});

test('weights of the wrong shape or dtype, put there by hand, never reach a kernel', () => {
  const net = new nn.GRU(3, 4, { dtype: 'float64' });
  net.weightHhL0 = new nn.Parameter(zeros([12, 4]));
  expect(() => net.forward(x.to('float64'))).toThrow(
    new DTypeError('gru', 'weightHh is float32, x is float64\n  hint: convert one with to()').message,
  );
  net.weightHhL0 = new nn.Parameter(zeros([12, 3], { dtype: 'float64' }));
  expect(() => net.forward(x.to('float64'))).toThrow("gru: weightHh doesn't fit");
  net.biasHhL0 = null as never;
  expect(() => net.forward(x.to('float64'))).toThrow(
    'gru: a bias or a projection is missing, or is there without the others',
  );
});

test('lengths in a tensor that was computed where results arrive later are refused', async () => {
  setEngine('reference');
  try {
    const net = new nn.GRU(3, 4);
    const lengths = tensor([2, 1], { dtype: 'int32' });
    const [output] = net.forward(ones([2, 2, 3]), null, { lengths });
    expect(await output.at(1, 1).toArray()).toEqual([0, 0, 0, 0]);
    const call = () => net.forward(ones([2, 2, 3]), null, { lengths: lengths.mul(1) });
    expect(call).toThrow(EngineError);
    expect(call).toThrow(
      'GRU: needs elements, which arrive later on the reference engine\n  hint: pass the lengths as an array',
    );
    const { packSequence, padPackedSequence, unpadSequence } = nn.utils.rnn;
    const [padded, found] = padPackedSequence(packSequence([ones([3]), ones([2])]));
    expect(unpadSequence(padded, found).map(({ shape }) => shape)).toEqual([[3], [2]]);
  } finally {
    setEngine(testEngines[0]!);
  }
});
