/// <reference lib="esnext.disposable" preserve="true" />
import { host } from '#host';
import { ArgumentError, IndexError, WorkerError } from '../../core/errors.js';
import { checkOption, defineOptions, instance, number, type Option, whole } from '../../core/options.js';
import { requireThreads } from '../../host/require.js';
import type { Thread as HostThread } from '../../host/threads.js';
import { engineInfo } from '../../index.js';
import { Dataset } from '../dataset.js';
import { unpack } from './packed.js';
import type { Answer, Order } from './serve.js';

export interface WorkerDatasetOptions<O = unknown> {
  /** Threads to make examples in (default: one a core). */
  readonly workers?: number;
  /** Seconds without an answer after which a thread that has something to do is given up (default: it waits). */
  readonly timeout?: number;
  /** What the module's `serveDataset` is told: anything that can be sent between threads. */
  readonly options?: O;
}

const anything: Option<unknown> = { wanted: 'anything', default: undefined, accepts: () => true };

const workerOptions = defineOptions({
  workers: whole(undefined, { least: 1 }),
  // Timers take no longer time.
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

/** What a thread is started with. */
interface ThreadOptions {
  readonly module: URL;
  readonly options: unknown;
  readonly timeout: number | undefined;
  onReady(length: number): void;
  onFailure(error: WorkerError): void;
}

/** A thread and what it has not answered yet. It keeps the process alive only while there is something. */
class Thread {
  readonly waiting = new Map<number, Waiting>();
  readonly #thread: HostThread;
  readonly #onFailure: (error: WorkerError) => void;
  readonly #timeout: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextId = 0;
  #answers = 0;
  /** Why it takes no more orders. */
  #over: WorkerError | undefined;

  constructor({ module, options, timeout, onReady, onFailure }: ThreadOptions) {
    const { name, threads } = engineInfo();
    this.#onFailure = onFailure;
    this.#timeout = timeout;
    // The same engine; setting its threads anew would change them for the whole process.
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
    // It was given up before.
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

  /** Counts the time until the next answer anew. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#timeout === undefined) return;
    const answers = this.#answers;
    const late = (): void => {
      if (this.#answers > answers) return;
      this.#end(
        new WorkerError('WorkerDataset', `a thread has not answered for ${this.#timeout} s and was ended`),
      );
      void this.#thread.terminate();
    };
    // An answer that came while the process itself was busy is read before `late` is called.
    this.#timer = setTimeout(() => host.turn().then(late), 1000 * this.#timeout);
  }

  /** After an answer: lets the process end if there is nothing more to wait for. */
  #rest(): void {
    if (this.waiting.size > 0) this.#watch();
    else clearTimeout(this.#timer);
    // A thread that is being ended keeps the process alive until it has: who closes it waits for that.
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
 * threads. The threads keep no process alive; `close` ends them at once. An example whose promise nothing
 * can settle any more is an error; one that takes for ever is, with a `timeout`.
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
      throw new ArgumentError('WorkerDataset', `the options cannot be sent to a thread: ${error.message}`);
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
