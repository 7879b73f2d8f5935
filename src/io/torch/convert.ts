import type { Tensor } from '../../index.js';
import { Parameter } from '../../nn/module/parameter.js';
import { setReadable } from '../unsupported.js';
import { type Fail, quoted } from './fail.js';
import { DTypeName } from './globals.js';
import { NumpyDType } from './numpy.js';
import { PythonObject, type TorchValue } from './python-object.js';
import type { Storages } from './storages.js';
import { ArraySpec, StorageRef, TensorSpec } from './tensor-spec.js';
import { kindOf, PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue, Unsupported } from './values.js';

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

/** Whether an object is a PyTorch module, judging by its class or attributes. */
const isModel = ({ className, state }: PyInstance): boolean =>
  /^(torch\.nn\.modules|torchvision\.models)\./.test(className) ||
  (state instanceof PyDict && ['_parameters', '_modules'].every((name) => state.entries.has(name)));

/** Where a value is: its key, and the path of its container. */
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

/** Turns a pickle's values into JavaScript values; shared objects stay shared. */
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
    if (value instanceof Unsupported) return fail(at, `value ${nameOf(path)} ${value.problem}`, false);
    if (value instanceof DTypeName) return value.name;
    if (value instanceof NumpyDType) return visit(new PyInstance('numpy.dtype', [value.code]), path);
    if (value instanceof PyGlobal) return remember(value, new PythonObject(value.name));
    if (value instanceof PyInstance) return toPlaceholder(value, path);
    if (Array.isArray(value) || value instanceof PyTuple) {
      const list: TorchValue[] = remember(value, []);
      for (const [i, item] of (Array.isArray(value) ? value : value.items).entries())
        setReadable(list, i, () => visit(item, into(path, String(i))));
      return list;
    }
    if (value instanceof PySet) {
      const set = remember(value, new Set<TorchValue>());
      for (const item of value.items) set.add(visit(item, into(path, '*')));
      return set;
    }
    if (value instanceof PyDict) return hasPlainKeys(value) ? toObject(value, path) : toMap(value, path);
    return fail(at, `value ${nameOf(path)} is ${kindOf(value)}, which isn't a value`);
  };

  const toObject = (dict: PyDict, path: Path | null): TorchValue => {
    const object: { [key: string]: TorchValue } = remember(dict, {});
    for (const [key, value] of dict.entries)
      setReadable(object, String(key), () => visit(value, into(path, String(key))));
    return object;
  };

  const toPlaceholder = (instance: PyInstance, path: Path | null): TorchValue => {
    const object = remember(instance, new PythonObject(instance.className));
    const { args, state, list, dict } = instance;
    const parts: readonly [string, PyValue | undefined][] = [
      ['args', [...args]],
      ['state', state],
      ['items', list ?? dict],
    ];
    for (const [key, part] of parts)
      if (part !== undefined) setReadable(object, key, () => visit(part, into(path, key)));
    return object;
  };

  const toMap = (dict: PyDict, path: Path | null): TorchValue => {
    const map = remember(dict, new Map<TorchValue, TorchValue>());
    for (const [key, value] of dict.entries)
      map.set(visit(key, into(path, '*')), visit(value, into(path, String(map.size))));
    return map;
  };

  if (root instanceof PyInstance && isModel(root))
    return fail(
      at,
      `the pickle holds a whole model (class ${quoted(root.className).slice(1, -1)}), whose code Myelin doesn't have; save only its weights: torch.save(model.state_dict(), 'model.pt')`,
    );
  return visit(root, null);
}
