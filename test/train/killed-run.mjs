// node killed-run.mjs FOLDER [step N | file N]: a small training into a run folder, or the rest of one. It
// kills itself with SIGKILL in its Nth step, or in the middle of its Nth operation on files.
import { existsSync, default as fs } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { manualSeed, randn } from 'myelin';
import { DataLoader, randomSplit, TensorDataset } from 'myelin/data';
import { mseLoss } from 'myelin/functional';
import * as nn from 'myelin/nn';
import * as optim from 'myelin/optim';
import { EarlyStopping, RunFolder, recordRun, Trainer } from 'myelin/train';

const [, , folder, kind, count] = process.argv;
const die = () => process.kill(process.pid, 'SIGKILL');

if (kind === 'file') {
  let operations = 0;
  const { writeSync } = fs;
  for (const name of ['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync', 'unlinkSync']) {
    const original = fs[name];
    fs[name] = (...args) => {
      if (++operations === Number(count)) {
        if (name === 'writeSync') writeSync(args[0], args[1], 0, args[1].length >> 1);
        die();
      }
      return original(...args);
    };
  }
  syncBuiltinESMExports();
}

manualSeed(11);
const x = randn([74, 6]);
const set = new TensorDataset(x, x.pow(2).sum(1, { keepdim: true }));
const [learned, held] = randomSplit(set, [54, 20]);
const model = new nn.Sequential(
  new nn.Linear(6, 24),
  new nn.BatchNorm1d(24),
  new nn.ReLU(),
  new nn.Dropout(0.2),
  new nn.Linear(24, 1),
);
const run = existsSync(join(folder, 'config.json'))
  ? RunFolder.open(folder)
  : RunFolder.create('killed', {}, folder);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
let steps = 0;
const trainer = new Trainer({
  model,
  optimizer,
  scheduler: new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.7 }),
  schedulerInterval: 'epoch',
  earlyStopping: new EarlyStopping({ patience: 6 }),
  accumulate: 2,
  clipGradNorm: 5,
  step: ([input, target]) => ({ loss: mseLoss(model.forward(input), target) }),
  callbacks: [
    recordRun(run, { checkpointEvery: 3, logEvery: 1 }),
    {
      onStep() {
        if (kind === 'step' && ++steps === Number(count)) die();
      },
    },
  ],
});
run.resume(trainer);
const batches = new DataLoader(learned, { batchSize: 5, shuffle: true });
await trainer.fit(batches, { epochs: 12, validation: new DataLoader(held, { batchSize: 8 }) });
console.log(`epoch ${trainer.epoch}`);
