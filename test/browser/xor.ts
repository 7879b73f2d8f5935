// Trains XOR in the page that the browser test opens, through the public surface, and reports on `window`.
import * as F from '../../src/functional.js';
import { engineInfo, manualSeed, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';

manualSeed(0);
const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
const inputs = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const targets = tensor([[0], [1], [1], [0]]);

let loss = Number.POSITIVE_INFINITY;
for (let step = 0; step < 300; step++) {
  const error = F.binaryCrossEntropyWithLogits(model.forward(inputs), targets);
  optimizer.zeroGrad();
  error.backward();
  optimizer.step();
  loss = await error.item();
}
const outputs = await model.forward(inputs).sigmoid().data();

// Large enough for all threads to take part.
const wide = tensor(
  new Float32Array(256 * 256).map((_, i) => Math.sin(i)),
  [256, 256],
);
const product = await wide.matmul(wide).sum().item();

Object.assign(window, { report: { info: engineInfo(), loss, outputs: [...outputs], product } });
