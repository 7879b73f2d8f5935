import { quoted } from './fail.js';

/**
 * Python values as the unpickler makes them: None is null, an int beyond 2⁵³ a bigint, a list an
 * array, and bytes a Uint8Array; what JavaScript lacks has a class here.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyValue[]
  | PyTuple
  | PyDict
  | PySet
  | PyObject;

export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

export class PySet {
  readonly items = new Set<PyValue>();
}

/** A dict of any kind. */
export class PyDict {
  readonly entries = new Map<PyValue, PyValue>();

  /** @param isNamespace whether it is an object whose attributes are the entries */
  constructor(readonly isNamespace = false) {}
}

/** A value that represents a PyTorch or NumPy object. */
export abstract class PyObject {
  /** What messages call it. */
  abstract readonly kind: string;
}

/** An object of an unknown class, as the pickle describes it. */
export class PyInstance extends PyObject {
  readonly kind: string;
  state: PyValue | undefined;
  list: PyValue[] | undefined;
  dict: PyDict | undefined;

  constructor(
    readonly className: string,
    readonly args: readonly PyValue[],
  ) {
    super();
    this.kind = `an object of the class ${quoted(className).slice(1, -1)}`;
  }
}

/** A valid value that Myelin has no type for. */
export class Unsupported extends PyObject {
  readonly kind = "a value that isn't supported";

  constructor(
    /** Completes "value x …". */
    readonly problem: string,
  ) {
    super();
  }
}

/** A class or function that files may name; `call` checks its arguments and makes a value. */
export class PyGlobal extends PyObject {
  readonly kind = 'a class or function';

  constructor(
    readonly name: string,
    readonly call: (args: readonly PyValue[]) => PyValue,
  ) {
    super();
  }
}

/** What messages call a value. */
export function kindOf(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof PyObject) return value.kind;
  if (value instanceof PyTuple) return 'a tuple';
  if (value instanceof PyDict) return 'a dict';
  if (value instanceof PySet) return 'a set';
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
