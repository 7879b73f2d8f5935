// Leaves loops early, closes their data sets, and goes on.
import * as data from 'myelin/data';

for (let i = 0; i < 6; i++) {
  const set = await data.WorkerDataset.start(new URL('./squares.js', import.meta.url), {
    workers: 2,
    options: { length: 64 },
  });
  let seen = 0;
  for await (const _batch of new data.DataLoader(set, { batchSize: 8 })) if (++seen === 3) break;
  await set.close();
}
console.log('went on');
