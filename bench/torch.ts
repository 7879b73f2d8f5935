import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { engineInfo } from '../src/index.js';
import type { TorchRival } from './workload.js';

/**
 * PyTorch and its OpenBLAS don't use AVX-512 everywhere on their own where the processor has it; where it
 * hasn't, they choose right.
 */
const best = (): Readonly<Record<string, string>> =>
  engineInfo().instructionSet === 'avx512'
    ? { OPENBLAS_CORETYPE: 'SkylakeX', ATEN_CPU_CAPABILITY: 'avx512' }
    : {};

export const python = process.env.MYELIN_PYTHON ?? '/usr/bin/python3';

/** What rival.py answers. */
interface Answer {
  readonly seconds?: number;
  /** A Python module that the workload needs and that isn't installed. */
  readonly missing?: string;
  /** Why setting up failed. */
  readonly failed?: string;
}

/** PyTorch in a process of its own, asked over a pipe; both sides then take turns in one run. */
export class TorchProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts Python with PyTorch's best settings; null where there's no PyTorch. */
  static async start(): Promise<TorchProcess | null> {
    const child = spawn(python, [new URL('rival.py', import.meta.url).pathname], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...best(), ...process.env },
    });
    child.on('error', () => {});
    child.stdin!.on('error', () => {});
    const torch = new TorchProcess(child);
    return (await torch.#ask({ setup: '', run: 'pass', threads: 1 })) === null ? null : torch;
  }

  async #ask(request: object): Promise<Answer | null> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    return done ? null : JSON.parse(value);
  }

  /**
   * Sets a workload up; the returned function times `count` repetitions, in seconds. Null where a module
   * isn't installed.
   */
  async prepare(
    { setup, run }: TorchRival,
    threads: number,
  ): Promise<((count: number) => Promise<number>) | null> {
    const ready = await this.#ask({ setup, run, threads });
    if (ready === null) throw new Error(`PyTorch failed to set up: ${setup}`);
    if (ready.failed !== undefined) throw new Error(ready.failed);
    if (ready.missing !== undefined) {
      console.log(`${ready.missing} isn't installed here: measured without a rival`);
      return null;
    }
    return async (count) => {
      const answer = await this.#ask({ count });
      if (answer === null) throw new Error(`PyTorch failed to run: ${run}`);
      return answer.seconds!;
    };
  }

  stop(): void {
    this.#child.stdin!.end();
  }
}
