import { describe } from './describe.js';

/** Base of every error that Myelin throws on purpose. */
export class MyelinError extends Error {
  override name = 'MyelinError';
  /** The operation that failed, for example `conv2d`. */
  readonly operation: string;
  /** The module in which it happened, for example `features.0`; set by `nn.Module`. */
  module: string | undefined;
  /** What is wrong: the message without the operation. */
  readonly detail: string;

  constructor(operation: string, detail: string) {
    super(`${operation}: ${detail}`);
    this.operation = operation;
    this.detail = detail;
  }

  /** Records that the error passed through the module `path`. */
  locate(path: string): void {
    this.module = path;
    this.#rewrite();
  }

  /**
   * Tells an error in the name of the operation that was called, whichever operation inside of it threw. What a
   * module threw, what `detectAnomaly` found and what an environment variable got wrong keep their names.
   */
  static inName(error: unknown, operation: string): unknown {
    const keeps =
      !(error instanceof MyelinError) ||
      error instanceof NonFiniteError ||
      error.operation.startsWith('MYELIN_');
    if (!keeps && error.module === undefined && error.operation !== operation) error.rename(operation);
    return error;
  }

  /** Records in which operation the error happened. */
  protected rename(operation: string): void {
    (this as { operation: string }).operation = operation;
    this.#rewrite();
  }

  #rewrite(): void {
    const before = this.message;
    this.message = `${this.operation}${this.module === undefined ? '' : ` (${this.module})`}: ${this.detail}`;
    if (this.stack) this.stack = this.stack.replace(before, () => this.message);
  }
}

/** One line of a ShapeError: an operand, its axes, its shape, and what is wrong with it. */
export interface Operand {
  readonly name: string;
  readonly shape: readonly number[];
  /** Names of the axes, for example `(N, C, H, W)`. */
  readonly axes?: string;
  readonly note?: string;
}

const pad = (cells: readonly string[]): ((cell: string) => string) => {
  const width = Math.max(...cells.map((cell) => cell.length));
  return (cell) => cell.padEnd(width);
};

export const formatShape = (shape: readonly number[]): string => `[${shape.map(describe).join(', ')}]`;

function operandTable(operands: readonly Operand[]): string {
  const name = pad(operands.map((o) => o.name));
  const axes = pad(operands.map((o) => o.axes ?? ''));
  const shape = pad(operands.map((o) => formatShape(o.shape)));
  return operands
    .map(
      (o) =>
        `\n  ${[name(o.name), axes(o.axes ?? ''), shape(formatShape(o.shape)), o.note ?? ''].join('  ').trimEnd()}`,
    )
    .join('');
}

/** Shapes that an operation can't take; the message has a line for each operand. */
export class ShapeError extends MyelinError {
  override name = 'ShapeError';
  readonly operands: readonly Operand[];
  readonly hint: string | undefined;

  constructor(operation: string, problem: string, operands: readonly Operand[] = [], hint?: string) {
    super(operation, problem + operandTable(operands) + (hint ? `\n  hint: ${hint}` : ''));
    this.operands = operands;
    this.hint = hint;
  }
}

/** A dtype that an operation can't take. */
export class DTypeError extends MyelinError {
  override name = 'DTypeError';
}

/** An index or axis out of range. */
export class IndexError extends MyelinError {
  override name = 'IndexError';
}

/** An option or argument with a value that makes no sense. */
export class ArgumentError extends MyelinError {
  override name = 'ArgumentError';
}

/** A name that PyTorch has and Myelin doesn't. */
export class NameError extends MyelinError {
  override name = 'NameError';

  constructor(
    operation: string,
    problem: string,
    /** What to write in its place. */
    readonly instead: string,
  ) {
    super(operation, problem);
  }
}

/** Use of a tensor whose memory was given back. */
export class DisposedError extends MyelinError {
  override name = 'DisposedError';
}

/** A gradient that can't be computed. */
export class AutogradError extends MyelinError {
  override name = 'AutogradError';
}

/** No engine, or one that lacks what was asked of it, such as memory. */
export class EngineError extends MyelinError {
  override name = 'EngineError';

  /** Names the operation that called the engine in an error that the engine threw, since it doesn't know the operation. */
  static inOperation(error: unknown, operation: string): unknown {
    if (error instanceof EngineError && error.operation === engineItself) error.rename(operation);
    return error;
  }

  /** Runs `work`, for which the engine may lack memory, in the name of an operation. */
  static naming<R>(operation: string, work: () => R): R {
    try {
      return work();
    } catch (error) {
      throw EngineError.inOperation(error, operation);
    }
  }
}

/** Stands for the operation in what an engine throws. */
export const engineItself = 'engine';

/** NaN or infinity instead of a number. */
export class NonFiniteError extends MyelinError {
  override name = 'NonFiniteError';
}

/** A file whose content isn't what its format says. */
export class FileFormatError extends MyelinError {
  override name = 'FileFormatError';

  constructor(
    operation: string,
    readonly file: string,
    /** Byte at which the problem lies. */
    readonly offset: number,
    problem: string,
  ) {
    super(operation, `${file}, byte ${offset}: ${problem}`);
  }
}

/** A file that can't be read or written; `code` is the system's name for the reason, such as `ENOSPC`. */
export class FileError extends MyelinError {
  override name = 'FileError';

  constructor(
    operation: string,
    readonly file: string,
    readonly code: string,
    problem: string,
  ) {
    super(operation, `${file}: ${problem}`);
  }
}

/** Packages that Myelin uses if they're installed, by name: what they do, and what npm installs. */
const optionalPackages = {
  sharp: { does: 'decodes and encodes images', install: 'sharp@0.34' },
  'gpt-tokenizer': { does: "has GPT-2's tokens", install: 'gpt-tokenizer@4' },
  '@resvg/resvg-wasm': { does: 'draws PNG pictures', install: '@resvg/resvg-wasm@2' },
} as const;

export type OptionalPackage = keyof typeof optionalPackages;

/** An optional package that isn't installed or can't be loaded; the message says how to install it. */
export class MissingPackageError extends MyelinError {
  override name = 'MissingPackageError';

  constructor(
    operation: string,
    /** Name of the package. */
    readonly packageName: OptionalPackage,
    /** What loading it threw. */
    override readonly cause: unknown,
  ) {
    const { does, install } = optionalPackages[packageName];
    const { code, message = String(cause) } = cause as { code?: string; message?: string };
    const problem =
      code === 'ERR_MODULE_NOT_FOUND' ? "isn't installed" : `can't be loaded (${message.split('\n')[0]})`;
    super(operation, `${packageName}, which ${does}, ${problem}; run: npm install ${install}`);
  }
}

/** What this platform doesn't have, such as files in a browser; the message names what serves instead. */
export class HostError extends MyelinError {
  override name = 'HostError';
}

/** What went wrong in a worker thread; `cause` has the message and the stack from there. */
export class WorkerError extends MyelinError {
  override name = 'WorkerError';
}
