// Reads a data set in threads and leaves them open.
import * as data from 'myelin/data';

const set = await data.WorkerDataset.start(new URL('./squares.js', import.meta.url), {
  options: { length: 4 },
});
for await (const [numbers] of new data.DataLoader(set, { batchSize: 3 }))
  console.log(numbers.toArraySync().join());
