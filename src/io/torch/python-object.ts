import type { Tensor } from '../../index.js';

/** What a PyTorch file holds; see `loadTorch`. */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Tensor
  | PythonObject
  | TorchValue[]
  | Set<TorchValue>
  | Map<TorchValue, TorchValue>
  | { [key: string]: TorchValue };

/**
 * A Python object that has no counterpart here, such as a scheduler, a path, or a date: what the file says
 * about it, as data. None of its code is run.
 *
 * @example
 * const { path } = io.loadTorch<{ path: io.PythonObject }>('run.pt');
 * path.className; // 'pathlib.PosixPath'
 * path.args; // ['/', 'data']
 */
export class PythonObject {
  /** Arguments of its class or function; undefined for a class or function that's only named. */
  declare readonly args: readonly TorchValue[] | undefined;
  /** Its saved state, usually its attributes. */
  declare readonly state: TorchValue | undefined;
  /** What it holds, if it's a kind of list or dict. */
  declare readonly items: TorchValue | undefined;

  constructor(
    /** Its class or, if it is a class or function, its name, such as `datetime.datetime`. */
    readonly className: string,
  ) {}
}
