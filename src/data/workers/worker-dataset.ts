import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ArgumentError, IndexError, WorkerError } from '../../core/errors.js';
import { engineInfo } from '../../index.js';
import { Dataset } from '../dataset.js';
import { unpack } from './packed.js';
import type { Answer, Order } from './serve.js';

export interface WorkerDatasetOptions<O = unknown> {
  /** Threads to make examples in (default: one a core). */
  readonly workers?: number;
  /** What the module's `serveDataset` is told: anything that can be sent between threads. */
  readonly options?: O;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A thread and what it has not answered yet. It keeps the process alive only while there is something. */
class Thread {
  readonly waiting = new Map<number, Waiting>();
  readonly #worker: Worker;
  #nextId = 0;
  /** Why it takes no more orders. */
  #over: WorkerError | undefined;

  constructor(
    module: URL,
    options: unknown,
    onReady: (length: number) => void,
    onFailure: (e: Error) => void,
  ) {
    const { name, threads } = engineInfo();
    this.#worker = new Worker(module, {
      workerData: options,
      // The same engine; setting its threads anew would change them for the whole process.
      env: { ...process.env, MYELIN_ENGINE: name, MYELIN_THREADS: String(threads) },
    });
    const end = (error: WorkerError): void => {
      this.#over ??= error;
      onFailure(this.#over);
      for (const { reject } of this.waiting.values()) reject(this.#over);
      this.waiting.clear();
    };
    this.#worker.on('message', (answer: Answer) => {
      if ('length' in answer) {
        this.#worker.unref();
        onReady(answer.length);
      } else this.#settle(answer);
    });
    this.#worker.on('error', (cause) => {
      const error = new WorkerError('WorkerDataset', `a thread failed: ${cause.message}`);
      error.cause = cause;
      end(error);
    });
    this.#worker.on('exit', (code) =>
      end(new WorkerError('WorkerDataset', `a thread ended, with code ${code}`)),
    );
  }

  order(order: Omit<Order, 'id'>): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, ...order } satisfies Order);
    });
  }

  #settle(answer: Exclude<Answer, { length: number }>): void {
    const { resolve, reject } = this.waiting.get(answer.id)!;
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.#worker.unref();
    if ('problem' in answer) {
      const { problem, stack } = answer;
      const error = new WorkerError('WorkerDataset', problem);
      error.cause = Object.assign(new Error(problem), { stack });
      reject(error);
    } else resolve(unpack(answer.packed));
  }

  async close(): Promise<void> {
    this.#over ??= new WorkerError('WorkerDataset', 'was closed');
    await this.#worker.terminate();
  }
}

/**
 * A data set whose examples are made in threads of their own: for decoding and augmentation that would
 * keep the training waiting. A `DataLoader` asks for its batches ahead, and gets them in order.
 *
 * The module that the threads run calls `serveDataset`:
 *
 * ```js
 * // images.js
 * import { serveDataset } from 'myelin/data';
 * serveDataset(({ folder }) => new Images(folder));
 * ```
 *
 * What is random in an example depends on the seed and its place in the order, not on the number of
 * threads. The threads keep no process alive; `close` ends them at once.
 *
 * @differs from PyTorch, where `num_workers` is an option of the loader: a thread of JavaScript shares no
 * objects, so it has to be told how to make the data set
 */
export class WorkerDataset<T> extends Dataset<T> {
  readonly #threads: readonly Thread[];

  private constructor(
    readonly length: number,
    threads: readonly Thread[],
  ) {
    super();
    this.#threads = threads;
  }

  /**
   * Starts the threads.
   *
   * @param module the program of the threads: `new URL('./images.js', import.meta.url)`
   * @throws WorkerError if the module cannot be run, or makes no data set
   */
  static async start<T, O = unknown>(
    module: URL,
    { workers = availableParallelism(), options }: WorkerDatasetOptions<O> = {},
  ): Promise<WorkerDataset<T>> {
    if (!(Number.isInteger(workers) && workers > 0))
      throw new ArgumentError('WorkerDataset', `workers must be a positive whole number, not ${workers}`);
    const threads: Thread[] = [];
    try {
      const lengths = await Promise.all(
        Array.from(
          { length: workers },
          () =>
            new Promise<number>((resolve, reject) => {
              threads.push(new Thread(module, options, resolve, reject));
            }),
        ),
      );
      return new WorkerDataset(lengths[0]!, threads);
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.close()));
      throw error;
    }
  }

  /** Two batches a thread: one in the making, one that waits. */
  override get prefetch(): number {
    return 2 * this.#threads.length;
  }

  override get(index: number, seed?: number): Promise<T> {
    this.#check(index);
    return this.#leastBusy.order({ index, seed }) as Promise<T>;
  }

  override batch(indices: readonly number[], seed?: number): Promise<unknown> {
    for (const index of indices) this.#check(index);
    return this.#leastBusy.order({ indices, seed });
  }

  #check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new IndexError('WorkerDataset', `index ${index} is out of range for ${this.length} examples`);
  }

  /** The thread that has least to do. */
  get #leastBusy(): Thread {
    return this.#threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
  }

  /** Ends the threads; what they have not answered yet is an error. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
