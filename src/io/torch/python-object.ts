import type { Tensor } from '../../index.js';

/** What a file of PyTorch holds, see `loadTorch`. */
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
 * What stands in the place of a Python object that has no counterpart here, such as a scheduler, a path or a
 * date: what the file says of it, as data. Nothing of it is run.
 *
 * @example
 * const { path } = io.loadTorch<{ path: io.PythonObject }>('run.pt');
 * path.className; // 'pathlib.PosixPath'
 * path.args; // ['/', 'data']
 */
export class PythonObject {
  /** What its class or function is made or called with; undefined for a class or function that is only named. */
  declare readonly args: readonly TorchValue[] | undefined;
  /** What was saved of it, in general its attributes. */
  declare readonly state: TorchValue | undefined;
  /** What it holds, where it is a kind of list or dict. */
  declare readonly items: TorchValue | undefined;

  constructor(
    /** Its class or, for a class or function, its own name, such as `datetime.datetime`. */
    readonly className: string,
  ) {}
}
