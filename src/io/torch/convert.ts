import type { Tensor } from '../../index.js';
import { Parameter } from '../../nn/parameter.js';
import { type Fail, quoted } from './fail.js';
import { DTypeName } from './globals.js';
import type { Storages } from './storages.js';
import { ArraySpec, StorageRef, TensorSpec } from './tensor-spec.js';
import { kindOf, PyDict, PySet, PyTuple, type PyValue } from './values.js';

/** What a file of PyTorch holds, see `loadTorch`. */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Tensor
  | TorchValue[]
  | Set<TorchValue>
  | Map<TorchValue, TorchValue>
  | { [key: string]: TorchValue };

const DEEPEST = 1000;

/** Whether a dict becomes an object: its keys are all strings, or all whole numbers. */
function hasPlainKeys({ entries }: PyDict): boolean {
  const kinds = new Set<string>();
  for (const key of entries.keys()) {
    if (typeof key !== 'string' && !Number.isSafeInteger(key)) return false;
    kinds.add(typeof key);
  }
  return kinds.size <= 1;
}

/** Where a value lies: its key, in what lies above. */
interface Path {
  readonly above: Path | null;
  readonly key: string;
  readonly depth: number;
}

const into = (above: Path | null, key: string): Path => ({ above, key, depth: (above?.depth ?? 0) + 1 });

function nameOf(path: Path | null): string {
  const keys: string[] = [];
  for (let at = path; at !== null; at = at.above) keys.push(at.key);
  return keys.length === 0 ? 'of the file' : quoted(keys.reverse().join('.'));
}

/** Turns the values of a pickle into JavaScript's; what was one object stays one. */
export function convert(root: PyValue, storages: Storages, fail: Fail, at: number): TorchValue {
  const done = new Map<object, TorchValue>();

  const remember = <T extends TorchValue>(value: object, result: T): T => {
    done.set(value, result);
    return result;
  };

  const makeTensor = (spec: TensorSpec, path: Path | null): Tensor => {
    const x = storages.tensor(spec, nameOf(path));
    const float = x.dtype === 'float32' || x.dtype === 'float64';
    if (spec.isParameter) return new Parameter(x, spec.requiresGrad && float);
    return spec.requiresGrad && float ? x.requiresGrad_() : x;
  };

  const visit = (value: PyValue, path: Path | null): TorchValue => {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    if (path !== null && path.depth > DEEPEST)
      return fail(at, `values are nested deeper than ${DEEPEST} levels`);
    if (value instanceof TensorSpec) return remember(value, makeTensor(value, path));
    if (value instanceof StorageRef) return remember(value, storages.whole(value, nameOf(path)));
    if (value instanceof ArraySpec) return remember(value, storages.array(value, nameOf(path)));
    if (value instanceof DTypeName) return value.name;
    if (Array.isArray(value) || value instanceof PyTuple) {
      const list: TorchValue[] = remember(value, []);
      for (const item of Array.isArray(value) ? value : value.items)
        list.push(visit(item, into(path, String(list.length))));
      return list;
    }
    if (value instanceof PySet) {
      const set = remember(value, new Set<TorchValue>());
      for (const item of value.items) set.add(visit(item, into(path, '*')));
      return set;
    }
    if (value instanceof PyDict) return hasPlainKeys(value) ? toObject(value, path) : toMap(value, path);
    return fail(at, `value ${nameOf(path)} is ${kindOf(value)}, which is no value`);
  };

  const toObject = (dict: PyDict, path: Path | null): TorchValue => {
    const object: { [key: string]: TorchValue } = remember(dict, {});
    for (const [key, value] of dict.entries) {
      const result = visit(value, into(path, String(key)));
      // A key such as __proto__ is a key like any other.
      Object.defineProperty(object, String(key), {
        value: result,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return object;
  };

  const toMap = (dict: PyDict, path: Path | null): TorchValue => {
    const map = remember(dict, new Map<TorchValue, TorchValue>());
    for (const [key, value] of dict.entries)
      map.set(visit(key, into(path, '*')), visit(value, into(path, String(map.size))));
    return map;
  };

  return visit(root, null);
}
