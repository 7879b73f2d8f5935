import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { ones, onWarning, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';

beforeAll(() => void onWarning(() => {}));
afterAll(() => void onWarning(null));

class Secret extends nn.Module {
  readonly open = new nn.Linear(2, 2);
  readonly #head = new nn.Linear(2, 1);
  override forward(x: Tensor): Tensor {
    return this.encode(x);
  }
  encode(x: Tensor): Tensor {
    return this.#head.forward(this.open.forward(x));
  }
  headParameters(): nn.Parameter[] {
    return [this.#head.weight, this.#head.bias!];
  }
}

const batches = new DataLoader(new TensorDataset(ones([8, 2])), { batchSize: 4 });
type Batch = [x: Tensor];
const loss = (y: Tensor): Tensor => F.mseLoss(y, ones([4, 1]));

test.each(['forward', 'encode'] as const)(
  'a step whose loss depends on hidden parameters is refused: %s',
  async (name) => {
    const model = new Secret();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const options = [
      { step: ([x]: Batch) => ({ loss: loss(model[name](x)) }) },
      {
        update: ([x]: Batch, minimize: train.Minimize) => {
          minimize(loss(model[name](x)), optimizer);
          return {};
        },
      },
    ];
    for (const option of options) {
      const trainer = new train.Trainer<Batch>({
        model,
        optimizer,
        ...option,
      } as train.TrainerOptions<Batch>);
      const fit = trainer.fit(batches, { epochs: 1 });
      await expect(fit).rejects.toThrow(ArgumentError);
      await expect(fit).rejects.toThrow(
        "fit: the loss depends on parameters that aren't in any model or optimizer: [1, 2] (linear), [1] (linear)\n  hint: #private fields and closures are invisible",
      );
    }
  },
);

test("it's refused no matter who iterated over them, and continues if they're frozen", async () => {
  const model = new nn.Linear(2, 2);
  const fixed = new nn.Linear(2, 1);
  fixed.parameters();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const step = ([x]: Batch) => ({ loss: loss(fixed.forward(model.forward(x))) });
  const fit = () => new train.Trainer<Batch>({ model, optimizer, step }).fit(batches, { epochs: 1 });
  await expect(fit()).rejects.toThrow(
    /^fit: the loss depends on parameters that aren't in any model or optimizer: .*; to freeze a model that isn't trained: model\.requiresGrad_\(false\)$/s,
  );
  fixed.requiresGrad_(false);
  expect(await fit()).toBe(true);
});

test('hidden parameters that the optimizer has are trained', async () => {
  const model = new Secret();
  const optimizer = new optim.SGD([...model.parameters(), ...model.headParameters()], { lr: 0.1 });
  const step = ([x]: Batch) => ({ loss: loss(model.encode(x)) });
  const trainer = new train.Trainer<Batch>({ model, optimizer, step });
  expect(await trainer.fit(batches, { epochs: 1 })).toBe(true);
});
