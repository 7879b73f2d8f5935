import { requireFunction } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { requireThreads } from '../../host/require.js';
import { manualSeed } from '../../index.js';
import { defaultCollate } from '../collate.js';
import type { Dataset } from '../dataset.js';
import { pack } from './packed.js';

/** A request to a thread: one example, or several as a batch. */
export interface Order {
  readonly id: number;
  readonly seed: number | undefined;
  readonly index?: number;
  readonly indices?: readonly number[];
}

/** A thread's answer. */
export type Answer =
  | { readonly length: number }
  | { readonly id: number; readonly packed: unknown }
  | { readonly id: number; readonly problem: string; readonly stack: string | undefined };

const textOf = (error: unknown): string =>
  !(error instanceof Error) || error.name === 'Error'
    ? String((error as Error | undefined)?.message ?? error)
    : `${error.name}: ${error.message}`;

async function example(dataset: Dataset<unknown>, index: number, stuck: Promise<never>): Promise<unknown> {
  try {
    return await Promise.race([dataset.get(index), stuck]);
  } catch (error) {
    throw new Error(`example ${index}: ${textOf(error)}`, { cause: error });
  }
}

/** @param stuck rejects when nothing can settle a promise of the data set anymore */
async function fill(
  dataset: Dataset<unknown>,
  { index, indices = [], seed }: Order,
  stuck: Promise<never>,
): Promise<unknown> {
  if (seed !== undefined) manualSeed(seed);
  if (index !== undefined) return example(dataset, index, stuck);
  const batch = await Promise.race([dataset.batch(indices), stuck]);
  if (batch !== undefined) return batch;
  // One after another, so their random numbers are the same in every run.
  const examples: unknown[] = [];
  for (const i of indices) examples.push(await example(dataset, i, stuck));
  return defaultCollate(examples);
}

/**
 * Makes the examples of a `WorkerDataset` in this thread: call it once, in the module that the
 * `WorkerDataset` starts.
 *
 * @param make makes the data set from the `options` of the `WorkerDataset`
 * @throws ArgumentError if this isn't such a thread
 */
export async function serveDataset<O>(
  make: (options: O) => Dataset<unknown> | Promise<Dataset<unknown>>,
): Promise<void> {
  requireFunction('serveDataset', 'make', make);
  const parent = requireThreads('serveDataset').parent();
  if (parent === null)
    throw new ArgumentError('serveDataset', 'runs in the threads that a WorkerDataset starts, not here');
  const dataset = await make(parent.data as O);
  let last = Promise.resolve();
  let open = 0;
  let giveUp: (reason: Error) => void = () => {};
  const answer = async (order: Order): Promise<void> => {
    const { id } = order;
    try {
      const stuck = new Promise<never>((_, reject) => {
        giveUp = reject;
      });
      const { packed, moved } = pack(await fill(dataset, order, stuck));
      parent.post({ id, packed } satisfies Answer, moved);
    } catch (error) {
      const origin = (error as Error | undefined)?.cause ?? error;
      const stack = origin instanceof Error ? origin.stack : undefined;
      parent.post({ id, problem: textOf(error), stack } satisfies Answer);
    }
  };
  // One order at a time, because they share the generator.
  parent.onMessage((message) => {
    const order = message as Order;
    open++;
    // While an example is being made, the port is unreferenced, so a promise that nobody can settle doesn't keep the event
    // loop running.
    parent.unref();
    last = last.then(async () => {
      await answer(order);
      if (--open === 0) parent.ref();
    });
  });
  parent.onIdle(() => {
    parent.ref();
    giveUp(new Error('its promise never settles: nothing is left to wait for'));
  });
  parent.post({ length: dataset.length } satisfies Answer);
}
