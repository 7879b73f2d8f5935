import { describe } from '../../core/describe.js';
import { EngineError, engineItself } from '../../core/errors.js';
import { refusedBy } from './numbers.js';

type Kernel = (...numbers: number[]) => number;

/** What kernels/wasm/ exports for the guard. */
export interface GuardExports {
  readonly __stack_pointer: WebAssembly.Global;
  host_signatures(): number;
  host_lacking(): number;
  host_undone(): number;
}

/** The kernels' names, each with a letter for each parameter: an address, an integer, or a double. */
function readSignatures(memory: WebAssembly.Memory, address: number): Map<string, string> {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const text = (at: number): string => String.fromCharCode(...bytes.slice(at, bytes.indexOf(0, at)));
  const signatures = new Map<string, string>();
  for (let at = address / 4; words[at] !== 0; at += 2) signatures.set(text(words[at]!), text(words[at + 1]!));
  return signatures;
}

const suits = (letter: string, number: number): boolean =>
  letter === 'd'
    ? typeof number === 'number'
    : letter === 'i'
      ? (number | 0) === number
      : number >= 0 && number < 2 ** 32 && Number.isInteger(number);

/**
 * Guards the engine's WebAssembly instance. Numbers are checked, because JavaScript would silently truncate
 * them to a parameter's type. A trap leaves locks and jobs as they were, so the next call might wait
 * forever: after one, the engine refuses all work.
 */
export class WasmGuard {
  readonly #exports: GuardExports;
  readonly #stackTop: number;
  /** What ended the engine; null while it works. */
  #end: string | null = null;

  constructor(exports: GuardExports) {
    this.#exports = exports;
    this.#stackTop = exports.__stack_pointer.value as number;
  }

  /** The kernels of the instance, each guarded. */
  kernels(exports: Readonly<Record<string, unknown>>, memory: WebAssembly.Memory): Record<string, Kernel> {
    const guarded: Record<string, Kernel> = {};
    for (const [name, letters] of readSignatures(memory, this.#exports.host_signatures()))
      guarded[name] = this.#checked(name, letters, exports[name] as Kernel);
    return guarded;
  }

  #checked(name: string, letters: string, kernel: Kernel): Kernel {
    return (...numbers) => {
      if (numbers.length !== letters.length)
        throw refusedBy(name, `takes ${letters.length} numbers, not ${numbers.length}`);
      for (let i = 0; i < letters.length; i++)
        if (!suits(letters[i]!, numbers[i]!))
          throw refusedBy(name, `can't take ${describe(numbers[i])} as argument ${i + 1}`);
      this.requireAlive();
      try {
        return kernel(...numbers);
      } catch (error) {
        throw this.#trapped(name, error);
      }
    };
  }

  /** @throws EngineError if a trap ended the engine */
  requireAlive(): void {
    if (this.#end !== null) throw new EngineError(engineItself, this.#end);
  }

  get alive(): boolean {
    return this.#end === null;
  }

  #trapped(name: string, error: unknown): EngineError {
    this.#exports.__stack_pointer.value = this.#stackTop;
    const lacking = this.#exports.host_lacking() >>> 0;
    const need = `no memory for a workspace of ${lacking} bytes in the WebAssembly memory`;
    if (lacking > 0 && this.#exports.host_undone() === 0)
      return new EngineError(
        engineItself,
        `kernel ${name}: ${need}\n  hint: wrap each step in tidy(() => …), or process smaller parts`,
      );
    const reason = lacking > 0 ? need : `'${error instanceof Error ? error.message : String(error)}'`;
    this.#end =
      `the WebAssembly engine ended with ${reason} in kernel ${name}\n` +
      '  hint: dense tensors can still be read, to save them; anything else needs a new process';
    return new EngineError(engineItself, this.#end);
  }
}
