/// <reference lib="esnext.disposable" preserve="true" />
import { host } from '#host';
import { requireMade } from '../../core/arguments.js';
import { ArgumentError, IndexError, WorkerError } from '../../core/errors.js';
import { checkOption, defineOptions, instance, number, type Option, whole } from '../../core/options.js';
import { requireThreads } from '../../host/require.js';
import type { Thread as HostThread } from '../../host/threads.js';
import { engineInfo } from '../../index.js';
import { Dataset } from '../dataset.js';
import { unpack } from './packed.js';
import type { Answer, Order } from './serve.js';

export interface WorkerDatasetOptions<O = unknown> {
  /** Number of threads that make examples (default: one per core). */
  readonly workers?: number;
  /** Seconds without an answer before a busy thread is given up (default: no limit). */
  readonly timeout?: number;
  /** Passed to the module's `serveDataset`: anything that can be sent between threads. */
  readonly options?: O;
}

const anything: Option<unknown> = { wanted: 'anything', default: undefined, accepts: () => true };

const workerOptions = defineOptions({
  workers: whole(undefined, { least: 1 }),
  // The longest delay that timers accept.
  timeout: number(undefined, { above: 0, most: 2_000_000 }),
  options: anything,
});

const moduleOption = instance(
  "the URL of a file: new URL('./images.js', import.meta.url)",
  (value): value is URL => value instanceof URL && ['file:', 'data:'].includes(value.protocol),
);

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A thread's start-up data. */
interface ThreadOptions {
  readonly module: URL;
  readonly options: unknown;
  readonly timeout: number | undefined;
  onReady(length: number): void;
  onFailure(error: WorkerError): void;
}

/** A thread and its unanswered requests. It keeps the process alive only while it has any. */
class Thread {
  readonly waiting = new Map<number, Waiting>();
  readonly #thread: HostThread;
  readonly #onFailure: (error: WorkerError) => void;
  readonly #timeout: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 0;
  #answers = 0;
  /** Why it accepts no more orders. */
  #over: WorkerError | undefined;

  constructor({ module, options, timeout, onReady, onFailure }: ThreadOptions) {
    const { name, threads } = engineInfo();
    this.#onFailure = onFailure;
    this.#timeout = timeout;
    // The same engine; setting its thread count again would change it for the whole process.
    this.#thread = requireThreads('WorkerDataset').start(module, options, {
      MYELIN_ENGINE: name,
      MYELIN_THREADS: String(threads),
    });
    this.#watch();
    this.#thread.onMessage((message) => {
      const answer = message as Answer;
      if ('length' in answer) onReady(answer.length);
      else this.#settle(answer);
      this.#rest();
    });
    this.#thread.onError((cause) => {
      const error = new WorkerError('WorkerDataset', `a thread failed: ${cause.message}`);
      error.cause = cause;
      this.#end(error);
    });
    this.#thread.onExit((code) =>
      this.#end(new WorkerError('WorkerDataset', `a thread ended, with code ${code}`)),
    );
  }

  order(order: Omit<Order, 'id'>): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      if (this.waiting.size === 0) this.#watch();
      this.waiting.set(id, { resolve, reject });
      this.#thread.ref();
      this.#thread.post({ id, ...order } satisfies Order);
    });
  }

  #settle(answer: Exclude<Answer, { length: number }>): void {
    const waiting = this.waiting.get(answer.id);
    // It had already been given up.
    if (waiting === undefined) return;
    const { resolve, reject } = waiting;
    this.waiting.delete(answer.id);
    this.#answers++;
    if ('problem' in answer) {
      const { problem, stack } = answer;
      const error = new WorkerError('WorkerDataset', problem);
      error.cause = Object.assign(new Error(problem), { stack });
      reject(error);
    } else resolve(unpack(answer.packed));
  }

  /** Restarts the timer for the next answer. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#timeout === undefined) return;
    const answers = this.#answers;
    const late = (): void => {
      if (this.#answers > answers) return;
      this.#end(
        new WorkerError('WorkerDataset', `a thread didn't answer for ${this.#timeout} s and was ended`),
      );
      void this.#thread.terminate();
    };
    // An answer that arrived while the process itself was busy is read before `late` is called.
    this.#timer = setTimeout(() => host.turn().then(late), 1000 * this.#timeout);
  }

  /** After an answer: lets the process exit if there's nothing left to wait for. */
  #rest(): void {
    if (this.waiting.size > 0) this.#watch();
    else clearTimeout(this.#timer);
    // A terminating thread keeps the process alive until it has ended, because `close` waits for that.
    if (this.waiting.size === 0 && !this.#over) this.#thread.unref();
  }

  #end(error: WorkerError): void {
    clearTimeout(this.#timer);
    this.#over ??= error;
    this.#onFailure(this.#over);
    for (const { reject } of this.waiting.values()) reject(this.#over);
    this.waiting.clear();
  }

  async close(): Promise<void> {
    this.#over ??= new WorkerError('WorkerDataset', 'was closed');
    clearTimeout(this.#timer);
    await this.#thread.terminate();
  }
}

/**
 * A data set whose examples are made in worker threads: for decoding and augmentation that would
 * hold up the training. A `DataLoader` requests its batches ahead of time and gets them in order.
 *
 * The module that the threads run calls `serveDataset`:
 *
 * ```js
 * // images.js
 * import { serveDataset } from 'myelin/data';
 * serveDataset(({ folder }) => new Images(folder));
 * ```
 *
 * An example's random numbers depend on the seed and its place in the order, not on the number of
 * threads. The threads don't keep the process alive; `close` ends them at once. An example whose promise nothing
 * can settle anymore is an error; so is one that takes forever, if you set a `timeout`.
 *
 * @differs from PyTorch, where `num_workers` is an option of the loader: JavaScript threads don't share
 * objects, so each has to be told how to make the data set
 */
export class WorkerDataset<T> extends Dataset<T> {
  readonly #threads: readonly Thread[];

  private constructor(
    readonly length: number,
    threads: readonly Thread[],
  ) {
    super();
    requireMade(
      'WorkerDataset',
      threads,
      "await data.WorkerDataset.start(new URL('./images.js', import.meta.url))",
    );
    this.#threads = threads;
  }

  /**
   * Starts the threads.
   *
   * @param module the program of the threads: `new URL('./images.js', import.meta.url)`
   * @throws WorkerError if the module can't be run, or doesn't make a data set
   * @throws ArgumentError if the argument isn't a module, or the options are invalid or can't be sent to a thread
   */
  static async start<T, O = unknown>(
    module: URL,
    given: WorkerDatasetOptions<O> = {},
  ): Promise<WorkerDataset<T>> {
    checkOption('WorkerDataset', 'the module', moduleOption, module);
    requireThreads('WorkerDataset');
    const { workers = host.cores, timeout, options } = workerOptions('WorkerDataset', given);
    const threads: Thread[] = [];
    try {
      const lengths = await Promise.all(
        Array.from(
          { length: workers },
          () =>
            new Promise<number>((onReady, onFailure) => {
              threads.push(new Thread({ module, options, timeout, onReady, onFailure }));
            }),
        ),
      );
      return new WorkerDataset(lengths[0]!, threads);
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.close()));
      if (!(error instanceof DOMException)) throw error;
      throw new ArgumentError('WorkerDataset', `the options can't be sent to a thread: ${error.message}`);
    }
  }

  /** Two batches per thread: one in progress, one waiting. */
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

  /** The thread with the least to do. */
  get #leastBusy(): Thread {
    return this.#threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
  }

  /** Ends the threads; unanswered requests fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
