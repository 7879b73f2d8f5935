// A hidden layer learns what no single layer can: exclusive or.
import { manualSeed, tensor } from 'myelin';
import * as F from 'myelin/functional';
import * as nn from 'myelin/nn';
import * as optim from 'myelin/optim';

manualSeed(0);
const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
const opt = new optim.Adam(model.parameters(), { lr: 0.05 });

for (let step = 0; step < 200; step++) {
  const loss = F.binaryCrossEntropyWithLogits(model.forward(x), y);
  opt.zeroGrad();
  loss.backward();
  opt.step();
  if (step % 50 === 0) console.log(`step ${step}: loss ${(await loss.item()).toFixed(4)}`);
}

/** What the network says of the four inputs: probabilities of true. */
export const answers = await model.forward(x).sigmoid().toArray();
console.log(answers);
