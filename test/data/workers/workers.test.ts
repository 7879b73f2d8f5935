import { beforeAll, expect, test } from 'vitest';
import { ArgumentError, IndexError, WorkerError } from '../../../src/core/errors.js';
import * as data from '../../../src/data/index.js';
import { manualSeed, type Tensor } from '../../../src/index.js';
import { buildCommand, script } from '../../cli/command.js';

type Example = [number: Tensor, square: Tensor, noise: Tensor];

const module = new URL('./squares.js', import.meta.url);
const start = (options: object, workers = 2): Promise<data.WorkerDataset<Example>> =>
  data.WorkerDataset.start(module, { workers, options });

// The threads run what was compiled.
beforeAll(buildCommand, 120_000);

async function epoch(workers: number, prefetch?: number): Promise<unknown[]> {
  await using set = await start({ length: 10 }, workers);
  manualSeed(3);
  const loader = new data.DataLoader(set, {
    batchSize: 4,
    shuffle: true,
    ...(prefetch === undefined ? {} : { prefetch }),
  });
  const out: unknown[] = [];
  for await (const batch of loader) out.push((batch as Example).map((t) => [t.dtype, t.toArraySync()]));
  return out;
}

test("batches don't depend on the number of threads, nor on how far ahead they are made", async () => {
  const one = await epoch(1, 0);
  expect(one).toHaveLength(3);
  const [numbers, squares, noise] = one[0] as [string, number[] | number[][]][];
  expect(squares).toEqual(['int32', (numbers![1] as number[]).map((n) => [n ** 2, 1])]);
  expect(noise![0]).toBe('float32');
  expect(await epoch(3)).toEqual(one);
});

test('single examples, subsets, and sets joined', async () => {
  await using set = await start({ length: 6 });
  const [number, square] = (await set.get(5)) as unknown as [number, Tensor];
  expect([number, square.toArraySync()]).toEqual([5, [25, 1]]);
  const joined = new data.ConcatDataset([new data.Subset(set, [2, 4]), set]);
  expect([joined.length, joined.prefetch]).toEqual([8, 4]);
  for await (const [numbers] of new data.DataLoader(joined, { batchSize: 8 }))
    expect((numbers as Tensor).toArraySync()).toEqual([2, 4, 0, 1, 2, 3, 4, 5]);
});

test("refuses an argument other than a module, and options that can't be sent", async () => {
  const wanted =
    "WorkerDataset: the module must be the URL of a file: new URL('./images.js', import.meta.url), got ";
  for (const [wrong, shown] of [
    [undefined, 'undefined'],
    ['nope', "'nope'"],
    [5, '5'],
    [new URL('https://x.y/z.js'), 'a URL'],
  ] as const) {
    const started = data.WorkerDataset.start(wrong as never);
    await expect(started).rejects.toThrow(ArgumentError);
    await expect(started).rejects.toThrow(wanted + shown);
  }
  const started = start({ make: () => 1 });
  await expect(started).rejects.toThrow(ArgumentError);
  await expect(started).rejects.toThrow("WorkerDataset: the options can't be sent to a thread: () => 1");
});

test.each([[], ['a.js'], [8]])('new is refused', (...given) => {
  const made = (): unknown => Reflect.construct(data.WorkerDataset, given);
  expect(made).toThrow(ArgumentError);
  expect(made).toThrow(
    "WorkerDataset: can't be made with new\n  hint: await data.WorkerDataset.start(new URL('./images.js', import.meta.url)) makes one",
  );
});

test('an error reaches the caller where its batch would have come', async () => {
  await using set = await start({ length: 10, fail: { at: 5, how: 'throw' } });
  const seen: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const [n] of new data.DataLoader(set, { batchSize: 2 })) seen.push(n!.toArraySync());
  };
  await expect(read()).rejects.toThrow(WorkerError);
  expect(seen).toEqual([
    [0, 1],
    [2, 3],
  ]);
  await expect(set.get(5)).rejects.toThrow('WorkerDataset: example 5: RangeError: too square');
  await expect(set.get(5).catch((e: Error) => (e.cause as Error).stack)).resolves.toContain('squares.js');
  expect((await set.get(4))[0]).toBe(4);
  expect(() => set.get(10)).toThrow(IndexError);
  expect(() => set.batch([0, -1])).toThrow('index -1 is out of range for 10 examples');
});

test("what can't be sent is named", async () => {
  await using set = await start({ length: 3, fail: { at: 1, how: 'function' } });
  await expect(set.get(1)).rejects.toThrow(
    "an example holds a function, which can't be sent to another thread",
  );
});

test('a thread that dies is an error, not a wait', async () => {
  await using set = await start({ length: 3, fail: { at: 1, how: 'exit' } }, 1);
  await expect(set.get(1)).rejects.toThrow('WorkerDataset: a thread ended, with code 3');
  await expect(set.get(0)).rejects.toThrow('WorkerDataset: a thread ended, with code 3');
});

test("a module that can't start is an error of start", async () => {
  await expect(start({ length: 0 })).rejects.toThrow('WorkerDataset: a thread failed: nothing to serve');
  await expect(data.WorkerDataset.start(new URL('./absent.js', import.meta.url))).rejects.toThrow(
    WorkerError,
  );
  await expect(data.WorkerDataset.start(module, { workers: 0 })).rejects.toThrow(
    'workers must be a whole number of at least 1, got 0',
  );
  await expect(data.serveDataset(() => new data.TensorDataset())).rejects.toThrow(
    'runs in the threads that a WorkerDataset starts, not here',
  );
});

test('an example whose promise nothing can settle is an error, and the thread continues', async () => {
  await using set = await start({ length: 4, fail: { at: 1, how: 'forget' } }, 1);
  const late = set.get(2);
  await expect(set.get(1)).rejects.toThrow(
    'WorkerDataset: example 1: its promise never settles: nothing is left to wait for',
  );
  expect((await late)[0]).toBe(2);
  await expect(set.batch([0, 1])).rejects.toThrow('example 1: its promise never settles');
  expect((await set.get(3))[0]).toBe(3);
});

test('a thread that never answers is given up after the timeout', async () => {
  await using set = await data.WorkerDataset.start<Example>(module, {
    workers: 1,
    timeout: 3,
    options: { length: 4, fail: { at: 1, how: 'loop' } },
  });
  expect((await set.get(0))[0]).toBe(0);
  const message = "WorkerDataset: a thread didn't answer for 3 s and was ended";
  await expect(Promise.all([set.get(1), set.get(2)])).rejects.toThrow(message);
  await expect(set.get(3)).rejects.toThrow(message);
  await expect(data.WorkerDataset.start(module, { timeout: -1 })).rejects.toThrow(
    'timeout must be a finite number above 0 and of at most 2000000, got -1',
  );
});

test('closing after a loop that was left early lets the program go on', async () => {
  const { code, stdout } = await script('data/workers/leave-early.js');
  expect([code, stdout]).toEqual([0, 'went on\n']);
});

test('closing ends what is under way; nothing is sent afterwards', async () => {
  const set = await start({ length: 3 });
  const late = set.get(0).catch((error: Error) => error.message);
  await set.close();
  expect(await late).toMatch(/was closed|a thread ended|^0/);
  await expect(set.get(0)).rejects.toThrow('WorkerDataset: was closed');
});

test('idle threads keep no process alive', async () => {
  const { code, stdout } = await script('data/workers/print-squares.js');
  expect([code, stdout]).toEqual([0, '0,1,2\n3\n']);
});

test('a loader asks ahead, also of a data set that is read in its own order', async () => {
  let made = 0;
  let closed = false;
  class Stream extends data.IterableDataset<number> {
    override async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      try {
        for (;;) yield made++;
      } finally {
        closed = true;
      }
    }
  }
  for await (const batch of new data.DataLoader(new Stream(), { batchSize: 2, prefetch: 2 })) {
    expect(batch.toArraySync()).toEqual([0, 1]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    break;
  }
  expect([made, closed]).toEqual([6, true]);
  expect(() => new data.DataLoader(new Stream(), { prefetch: -1 })).toThrow(
    'DataLoader: prefetch must be a whole number of at least 0, got -1',
  );
});
