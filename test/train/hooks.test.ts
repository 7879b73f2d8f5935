/** Trainings that aren't "forward, loss, backward, step", with the one Trainer. */
import { expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { arange, cat, manualSeed, ones, randn, type Tensor, zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';

type One = [x: Tensor];

const perceptron = (inputs: number, hidden: number, outputs: number): nn.Sequential =>
  new nn.Sequential(new nn.Linear(inputs, hidden), new nn.Tanh(), new nn.Linear(hidden, outputs));

/** A GAN that learns a normal distribution around 3. */
function gan() {
  manualSeed(4);
  const set = new TensorDataset(randn([256, 1]).mul(0.5).add(3));
  const model = { generator: perceptron(2, 16, 1), discriminator: perceptron(1, 16, 1) };
  const { generator, discriminator } = model;
  const optimizer = {
    generator: new optim.Adam(generator.parameters(), { lr: 5e-3, betas: [0.5, 0.9] }),
    discriminator: new optim.Adam(discriminator.parameters(), { lr: 1e-2, betas: [0.5, 0.9] }),
  };
  const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer.generator, 1000);
  const callbacks: train.TrainerCallback[] = [];
  const trainer = new train.Trainer<One>({
    model,
    optimizer,
    scheduler,
    callbacks,
    update([real], minimize) {
      const n = real.shape[0]!;
      const fake = generator.forward(randn([n, 2]));
      const judged = discriminator.forward(cat([real, fake.detach()]));
      const critic = F.binaryCrossEntropyWithLogits(judged, cat([ones([n, 1]), zeros([n, 1])]));
      minimize(critic, optimizer.discriminator);
      const forger = F.binaryCrossEntropyWithLogits(discriminator.forward(fake), ones([n, 1]));
      minimize(forger, optimizer.generator);
      return { critic, forger };
    },
  });
  return { trainer, model, callbacks, batches: new DataLoader(set, { batchSize: 64, shuffle: true }) };
}

const weights = (model: Readonly<Record<string, nn.Module>>): number[][] =>
  Object.values(model).flatMap((part) => Object.values(part.stateDict()).map((t) => [...t.dataSync()]));

test('a GAN: two models, two optimizers', async () => {
  const { trainer, model, batches } = gan();
  await trainer.fit(batches, { epochs: 60 });
  const made = model.generator
    .forward(randn([500, 2]))
    .mean()
    .itemSync();
  expect(made).toBeGreaterThan(2);
  expect(made).toBeLessThan(4);
  await expect(trainer.evaluate(batches)).rejects.toThrow('needs a step');
  const found = await trainer.evaluate(batches, ([real]) => ({ mean: real.mean() }));
  expect(found.mean).toBeCloseTo(3, 1);
});

test('a GAN resumes bit for bit', async () => {
  const through = gan();
  await through.trainer.fit(through.batches, { epochs: 4 });
  const first = gan();
  const rates: Record<string, number>[] = [];
  const stopping: train.TrainerCallback = {
    onStep({ step }) {
      if (step === 6) first.trainer.stop();
    },
    onEpochEnd: ({ learningRates }) => void rates.push(learningRates),
  };
  first.callbacks.push(stopping);
  expect(await first.trainer.fit(first.batches, { epochs: 4 })).toBe(false);
  expect(Object.keys(rates[0]!)).toEqual(['lr.generator', 'lr.discriminator']);
  const state = first.trainer.state();
  const second = gan();
  second.trainer.loadState(state);
  await second.trainer.fit(second.batches, { epochs: 4 });
  expect(weights(second.model)).toEqual(weights(through.model));
});

test('states of other models and optimizers are refused', () => {
  const { trainer } = gan();
  const state = trainer.state() as Readonly<Record<string, train.State>>;
  const { generator } = state.model as Readonly<Record<string, train.State>>;
  expect(() => trainer.loadState({ ...state, model: { critic: generator } })).toThrow(
    'loadState: the state has models critic, this trainer has models generator, discriminator',
  );
  expect(() => trainer.loadState({ ...state, scheduler: undefined })).toThrow(
    'the state has no scheduler, this trainer has one scheduler',
  );
});

/** A variational autoencoder: the loss has two parts, each of them watched. */
class Vae extends nn.Module {
  readonly encoder = new nn.Linear(4, 4);
  readonly decoder = new nn.Linear(2, 4);

  forward(x: Tensor): { reconstruction: Tensor; mean: Tensor; logVariance: Tensor } {
    const [mean, logVariance] = this.encoder.forward(x).chunk(2, 1) as [Tensor, Tensor];
    const noise = this.training ? randn(mean.shape).mul(logVariance.div(2).exp()) : 0;
    return { reconstruction: this.decoder.forward(mean.add(noise)), mean, logVariance };
  }
}

test('a VAE is an ordinary step', async () => {
  manualSeed(1);
  const set = new TensorDataset(randn([128, 2]).matmul(randn([2, 4])));
  const model = new Vae();
  const trainer = new train.Trainer<One>({
    model,
    optimizer: new optim.Adam(model.parameters(), { lr: 0.02 }),
    step([x]) {
      const { reconstruction, mean, logVariance } = model.forward(x);
      const error = F.mseLoss(reconstruction, x);
      const divergence = mean.pow(2).add(logVariance.exp()).sub(logVariance).sub(1).mean().mul(0.5);
      return { loss: error.add(divergence.mul(0.01)), error, divergence };
    },
  });
  const batches = new DataLoader(set, { batchSize: 32, shuffle: true });
  const before = await trainer.evaluate(batches);
  await trainer.fit(batches, { epochs: 40 });
  const after = await trainer.evaluate(batches);
  expect(Object.keys(after)).toEqual(['loss', 'error', 'divergence']);
  expect(after.error).toBeLessThan(0.1 * before.error!);
});

test('a contrastive step: two views of a batch find one another', async () => {
  manualSeed(2);
  const set = new TensorDataset(randn([64, 6]));
  const model = perceptron(6, 16, 4);
  const trainer = new train.Trainer<One>({
    model,
    optimizer: new optim.Adam(model.parameters(), { lr: 0.01 }),
    step([x]) {
      const view = (): Tensor => F.normalize(model.forward(x.add(randn(x.shape).mul(0.1))), { dim: 1 });
      const similarity = view().matmul(view().t()).div(0.1);
      const same = arange(x.shape[0]!).to('int32');
      return { loss: F.crossEntropy(similarity, same) };
    },
  });
  const batches = new DataLoader(set, { batchSize: 32, shuffle: true });
  const before = await trainer.evaluate(batches);
  await trainer.fit(batches, { epochs: 40 });
  expect((await trainer.evaluate(batches)).loss).toBeLessThan(0.5 * before.loss!);
});
