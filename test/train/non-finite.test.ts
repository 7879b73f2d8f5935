import { expect, test } from 'vitest';
import { NonFiniteError } from '../../src/core/errors.js';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { detectAnomaly, full, manualSeed, ones, type Tensor, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';

type One = [x: Tensor];

/** What a training of these examples, in batches of two, complains of; its weights must be finite afterwards. */
async function complaint(
  model: nn.Module,
  loss: (x: Tensor) => Tensor,
  examples: Tensor,
  options: Partial<train.TrainerOptions<One>> = {},
): Promise<string> {
  const before = weightsOf(model);
  const trainer = new train.Trainer<One>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: ([x]: One) => ({ loss: loss(x) }),
    ...options,
  } as train.TrainerOptions<One>);
  const batches = new DataLoader(new TensorDataset(examples), { batchSize: 2 });
  const error: unknown = await trainer.fit(batches, { epochs: 1 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NonFiniteError);
  if (trainer.step === 0) expect(weightsOf(model)).toEqual(before);
  expect(weightsOf(model).every((weight) => Number.isFinite(weight) === true)).toBe(true);
  return (error as Error).message;
}

const weightsOf = (model: nn.Module): number[] => model.parameters().flatMap((p) => [...p.dataSync()]);

/** Divides by its input. */
class Inverse extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.reciprocal();
  }
}

const linear = (): nn.Linear => new nn.Linear(2, 1);

test('names the operation that made the first infinity, and its module', async () => {
  const model = new nn.Sequential({
    features: new nn.Sequential(new nn.Linear(2, 2, { bias: false }), new nn.ReLU(), new Inverse()),
  });
  const message = await complaint(model, (x) => model.forward(x).mul(0).mean(), full([2, 2], 1).neg().mul(0));
  expect(message).toBe(
    'fit: the loss became NaN at step 1\n' +
      '  cause: reciprocal (features.2): forward made Infinity in a float32 tensor [2, 2]; its operands are finite\n' +
      "  hint: a smaller learning rate or clipGradNorm may help; the parameters haven't changed in this step",
  );
});

test('counts the steps before', async () => {
  const model = linear();
  const message = await complaint(
    model,
    (x) => model.forward(x).mean().mul(x.max()),
    tensor([
      [1, 1],
      [1, 1],
      [1, 1],
      [3e38, 3e38],
    ]),
  );
  expect(message).toMatch(/^fit: the loss became -?Infinity at step 2\n {2}cause: /);
});

test("a gradient that isn't finite: the loss is", async () => {
  const model = linear();
  const message = await complaint(model, (x) => model.forward(x).mul(0).sqrt().mean(), ones([2, 2]));
  expect(message).toMatch(
    /^fit: the norm of the gradients became (NaN|Infinity) at step 1\n {2}cause: sqrt: backward made -?Infinity in a float32 tensor \[2, 1\]; its operands are finite\n/,
  );
});

/** A root, infinitely steep at 0. */
class Root extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mul(0).sqrt();
  }
}

test('the module of an operation whose backward is at fault', async () => {
  manualSeed(2);
  const model = new nn.Sequential({
    features: new nn.Sequential(new nn.Linear(2, 2), new nn.Dropout(0.5), new Root()),
    head: new nn.Linear(2, 1),
  });
  const message = await complaint(model, (x) => model.forward(x).abs().mean(), ones([2, 2]));
  expect(message).toMatch(
    /cause: sqrt \(features\.2\): backward made -?Infinity in a float32 tensor \[2, 2\]/,
  );
});

test('gradients that overflow only together', async () => {
  const model = linear();
  const message = await complaint(model, (x) => model.forward(x).mean(), full([2, 2], 2e19));
  expect(message).toMatch(/^fit: the norm of the gradients became Infinity at step 1\n {2}hint: /);
});

test('a gradient that overflows where it is summed', async () => {
  const model = new nn.Linear(2, 1, { bias: false });
  model.weight.detach().zero_();
  const twice = (x: Tensor): Tensor => model.forward(x).mean().add(model.forward(x).mean());
  const message = await complaint(model, twice, full([2, 2], 2e38));
  expect(message).toMatch(/ {2}cause: the gradient of weight holds Infinity\n/);
});

test('a batch that holds NaN', async () => {
  const model = linear();
  const message = await complaint(
    model,
    (x) => model.forward(x).mean(),
    tensor([
      [1, 1],
      [1, Number.NaN],
    ]),
  );
  expect(message).toMatch(/ {2}cause: batch\[0\] \[2, 2\] holds NaN\n/);
});

test('the same random numbers are drawn again', async () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 1), new nn.Dropout(0.5), new Inverse());
  // An infinity only where dropout, one time in two, makes a zero.
  for (let attempt = 0; attempt < 8; attempt++) {
    const message = await complaint(model, (x) => model.forward(x).mean(), ones([16, 2]));
    expect(message).toMatch(/cause: reciprocal \(2\): forward made Infinity/);
  }
});

test("an infinity that was asked for isn't a fault", async () => {
  const model = new nn.Linear(2, 2);
  const masked = (x: Tensor): Tensor =>
    F.softmax(model.forward(x).maskedFill(tensor([[false, true]]), Number.NEGATIVE_INFINITY), 1);
  const message = await complaint(model, (x) => masked(x).log().mul(0).mean(), ones([2, 2]));
  expect(message).toMatch(/cause: log: forward made -Infinity/);
});

test('an update is looked at too, and steps of others are kept', async () => {
  const model = { good: linear(), bad: linear() };
  const optimizer = {
    good: new optim.SGD(model.good.parameters(), { lr: 0.1 }),
    bad: new optim.SGD(model.bad.parameters(), { lr: 0.1 }),
  };
  const before = weightsOf(model.bad);
  const trainer = new train.Trainer<One>({
    model,
    optimizer,
    update([x], minimize) {
      minimize(model.good.forward(x).mean(), optimizer.good);
      minimize(model.bad.forward(x).mul(0).log().mean(), optimizer.bad);
      return {};
    },
  });
  const batches = new DataLoader(new TensorDataset(ones([2, 2])), { batchSize: 2 });
  await expect(trainer.fit(batches, { epochs: 1 })).rejects.toThrow(
    /^fit: the loss became -Infinity at step 1\n {2}cause: log: forward made -Infinity/,
  );
  expect(weightsOf(model.bad)).toEqual(before);
  model.good.weight.detach().fill_(Number.NaN);
  await expect(trainer.fit(batches, { epochs: 1 })).rejects.toThrow(
    /cause: the parameter good\.weight already holds NaN/,
  );
});

test('an error of a metric is explained as well', async () => {
  const model = linear();
  const step = ([x]: One): train.StepResult => {
    const y = model.forward(x).mul(0).log();
    if (!Number.isFinite(y.sum().itemSync())) throw new NonFiniteError('score', 'a prediction is infinite');
    return { loss: y.mean() };
  };
  const message = await complaint(model, (x) => x.mean(), ones([2, 2]), { step } as Partial<
    train.TrainerOptions<One>
  >);
  expect(message).toMatch(/^fit: score: a prediction is infinite at step 1\n {2}cause: log: forward/);
});

test('detectAnomaly looks for infinities when asked', () => {
  const zero = tensor([0]).to('float32');
  expect(detectAnomaly(() => zero.log()).itemSync()).toBe(Number.NEGATIVE_INFINITY);
  expect(() => detectAnomaly(() => zero.log(), { infinity: true })).toThrow(
    'log: forward made -Infinity in a float32 tensor [1]; its operands are finite',
  );
  expect(() => detectAnomaly(() => zero.neg().sub(1).log(), { infinity: true })).toThrow(
    'log: forward made a NaN in a float32 tensor [1]; its operands have none',
  );
});
