import { type StoredDType, storedTypes } from '../stored.js';
import { runsCode } from './dangerous.js';
import { quoted, Refusal, refuse } from './fail.js';
import { buildNumpy, numpyGlobals } from './numpy.js';
import { latin1 } from './pickle-text.js';
import { storageClasses, torchDTypes, unknownDTypes, unknownStorages } from './storage-types.js';
import { count, StorageClass, StorageRef, TensorSpec, tensorSpec } from './tensor-spec.js';
import { addTo, hashable, type PickleWorld } from './unpickler.js';
import {
  kindOf,
  PyDict,
  PyGlobal,
  PyInstance,
  PyObject,
  PySet,
  PyTuple,
  type PyValue,
  Unsupported,
} from './values.js';

/** A dtype, which is returned as its name. */
class DTypeName extends PyObject {
  readonly kind = 'a dtype';

  constructor(readonly name: string) {
    super();
  }
}

/** An unknown class or function: what it makes is kept as data. */
const placeholder = (name: string): PyGlobal => new PyGlobal(name, (args) => new PyInstance(name, args));

const items = (value: PyValue | undefined): Iterable<PyValue> => {
  if (value === undefined) return [];
  if (value instanceof PyTuple || value instanceof PySet) return value.items;
  return Array.isArray(value) ? value : refuse(`makes a collection of ${kindOf(value)}`);
};

function makeSet([content]: readonly PyValue[]): PySet {
  const set = new PySet();
  for (const item of items(content)) addTo(set, item);
  return set;
}

/** A dict of a dict, or of pairs. */
function makeDict([content]: readonly PyValue[]): PyDict {
  const dict = new PyDict();
  if (content instanceof PyDict) for (const [key, value] of content.entries) dict.entries.set(key, value);
  else
    for (const pair of items(content)) {
      const [key, value, ...rest] = items(pair);
      if (key === undefined || value === undefined || rest.length > 0)
        return refuse('makes a dict of something other than pairs');
      dict.entries.set(hashable(key), value);
    }
  return dict;
}

/** Bytes from text where each character is a byte, as protocols before 3 write them. */
function encode([text, encoding]: readonly PyValue[]): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1'))
    return refuse('encodes something other than one-byte characters');
  return latin1(text);
}

const makeBytes = ([content, encoding]: readonly PyValue[]): Uint8Array => {
  if (content === undefined) return new Uint8Array(0);
  return content instanceof Uint8Array ? content.slice() : encode([content, encoding ?? null]);
};

const makeNamespace = (): PyDict => new PyDict(true);

/**
 * An object in protocols 0 and 1: its class, then its base, which is `object`, or a dict, list, or other value
 * that follows.
 */
function reconstruct([target, base, content]: readonly PyValue[]): PyValue {
  if (!(target instanceof PyGlobal) || !(base instanceof PyGlobal))
    return refuse('makes an object of something other than a class');
  const made = target.call([]);
  if (base.name === 'builtins.object') return made;
  if (!(made instanceof PyInstance)) return refuse(`makes ${kindOf(made)} of ${base.name}`);
  const isCollection = content instanceof PyDict || Array.isArray(content);
  const filled = new PyInstance(made.className, isCollection || content === undefined ? [] : [content]);
  if (content instanceof PyDict) filled.dict = content;
  if (Array.isArray(content)) filled.list = content;
  return filled;
}

/** `getattr`, which pickles use for methods of objects and classes. */
function attribute([of, name]: readonly PyValue[]): PyValue {
  const owner = of instanceof PyInstance ? of.className : of instanceof PyGlobal ? of.name : undefined;
  if (owner === undefined || typeof name !== 'string' || runsCode(owner, name))
    return refuse(`names builtins.getattr of ${kindOf(of)}, ${runs}`);
  return of instanceof PyInstance
    ? new PyInstance(`${owner}.${name}`, [of])
    : placeholder(`${owner}.${name}`);
}

const dtypeOf = (value: PyValue | undefined): StoredDType | Unsupported => {
  if (!(value instanceof DTypeName)) return refuse(`has a tensor whose dtype is ${kindOf(value)}`);
  return Object.hasOwn(torchDTypes, value.name)
    ? torchDTypes[value.name]!
    : new Unsupported(`is a tensor of ${value.name}, which Myelin has no dtype for`);
};

const rebuildTensor = ([storage, offset, shape, strides, requiresGrad]: readonly PyValue[]):
  | TensorSpec
  | Unsupported => tensorSpec(storage, offset, shape, strides, requiresGrad === true);

const rebuildTyped = ([storage, offset, shape, strides, requiresGrad, , dtype]: readonly PyValue[]):
  | TensorSpec
  | Unsupported => tensorSpec(storage, offset, shape, strides, requiresGrad === true, dtypeOf(dtype));

/** Tensors of other layouts: sparse, quantized, nested. */
const rebuildOther = (name: string) => (): Unsupported =>
  new Unsupported(`is a tensor made by ${name}; only dense tensors are supported`);

function rebuildParameter([data, requiresGrad]: readonly PyValue[]): TensorSpec | Unsupported {
  if (data instanceof Unsupported) return data;
  if (!(data instanceof TensorSpec)) return refuse(`has a parameter of ${kindOf(data)}`);
  const { storage, stored, shape, strides, offset } = data;
  return new TensorSpec(storage, stored, shape, strides, offset, requiresGrad === true, true);
}

/** A tensor with extra attributes, which are dropped. */
function rebuildFromType([rebuild, , args]: readonly PyValue[]): PyValue {
  const allowed = rebuild instanceof PyGlobal && rebuild.name.startsWith('torch._utils._rebuild_');
  if (!allowed || !(args instanceof PyTuple)) return refuse('rebuilds something other than a tensor');
  return rebuild.call(args.items);
}

function device([type, index]: readonly PyValue[]): string {
  if (typeof type !== 'string') return refuse(`has a device called ${kindOf(type)}`);
  return typeof index === 'number' ? `${type}:${index}` : type;
}

const functions: Readonly<Record<string, (args: readonly PyValue[]) => PyValue>> = {
  'collections.OrderedDict': makeDict,
  'collections.Counter': makeDict,
  'collections.defaultdict': () => new PyDict(),
  'builtins.dict': makeDict,
  'builtins.set': makeSet,
  'builtins.frozenset': makeSet,
  'builtins.list': ([content]) => [...items(content)],
  'builtins.tuple': ([content]) => new PyTuple([...items(content)]),
  'builtins.bytes': makeBytes,
  'builtins.bytearray': makeBytes,
  'builtins.getattr': attribute,
  '_codecs.encode': encode,
  'copyreg._reconstructor': reconstruct,
  'copyreg.__newobj__': ([target, ...args]) =>
    target instanceof PyGlobal ? target.call(args) : refuse(`makes an object of ${kindOf(target)}`),
  'argparse.Namespace': makeNamespace,
  'types.SimpleNamespace': makeNamespace,
  'torch.Size': ([content]) => new PyTuple([...items(content)]),
  'torch.device': device,
  'torch.serialization._get_layout': ([name]) =>
    typeof name === 'string' ? name : refuse('has a layout without a name'),
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTyped,
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
};

function inTorch<T>(
  entries: readonly (readonly [string, T])[],
  make: (value: T, name: string) => PyValue,
): [string, PyValue][] {
  return ['torch', 'torch.cuda'].flatMap((module) =>
    entries.map(([name, value]): [string, PyValue] => [
      `${module}.${name}`,
      make(value, `${module}.${name}`),
    ]),
  );
}

/** Everything that a file may name and that has a counterpart in Myelin. */
const known: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ...Object.entries(functions).map(([name, call]): [string, PyGlobal] => [name, new PyGlobal(name, call)]),
  ...inTorch(Object.entries(storageClasses), (stored) => new StorageClass(stored, storedTypes[stored].bytes)),
  ...inTorch(Object.entries(unknownStorages), (width, name) => {
    const problem = `is a tensor in a ${name}; complex and quantized tensors aren't supported`;
    return new StorageClass(null, width, problem);
  }),
  ['torch.storage.UntypedStorage', new StorageClass(null, 1)],
  ...[...Object.keys(torchDTypes), ...unknownDTypes].map((name): [string, PyValue] => [
    `torch.${name}`,
    new DTypeName(name),
  ]),
  ...numpyGlobals,
]);

/** Python 2 names, which protocol 2 writes, and their Python 3 equivalents. */
const renamed: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
  exceptions: 'builtins',
};
const renamedTypes: Readonly<Record<string, string>> = { long: 'int', unicode: 'str', xrange: 'range' };

const moduleOfPython3 = (module: string): string =>
  Object.hasOwn(renamed, module) ? renamed[module]! : module;

const nameOfPython3 = (module: string, name: string): string =>
  module === '__builtin__' && Object.hasOwn(renamedTypes, name) ? renamedTypes[name]! : name;

const runs = "which could run code in Python; nothing was executed here, but don't trust this file";

function unknown(module: string, name: string): PyGlobal {
  const full = `${module}.${name}`;
  if (module === 'torch.storage' && name === '_load_from_bytes')
    return refuse('has tensors that pickle.dump wrote; write them with torch.save');
  if (runsCode(module, name)) return refuse(`names ${quoted(full).slice(1, -1)}, ${runs}`);
  if (full.startsWith('torch._utils._rebuild_')) return new PyGlobal(full, rebuildOther(full));
  return placeholder(full);
}

/** Copies that the constructors may make per byte of the file. */
const COPIES = 16;

/** What PyTorch's pickles refer to, and nothing else. */
export class TorchWorld implements PickleWorld {
  #budget: number;

  /** @param bytes size of the file, which bounds what can be made from it */
  constructor(bytes: number) {
    this.#budget = COPIES * bytes + 1000;
  }

  find(module: string, name: string): PyValue {
    const [in3, name3] = [moduleOfPython3(module), nameOfPython3(module, name)];
    const global = known.get(`${in3}.${name3}`);
    if (global === undefined) return unknown(in3, name3);
    return global instanceof PyGlobal ? this.#watched(global) : global;
  }

  /** The same, but refuses when a small file keeps copying one collection. */
  #watched({ name, call }: PyGlobal): PyGlobal {
    return new PyGlobal(name, (args) => {
      for (const arg of args) this.#spend(arg);
      return call(args);
    });
  }

  #spend(value: PyValue): void {
    if (
      value instanceof PyTuple ||
      value instanceof Uint8Array ||
      Array.isArray(value) ||
      typeof value === 'string'
    )
      this.#budget -= value instanceof PyTuple ? value.items.length : value.length;
    else if (value instanceof PySet) this.#budget -= value.items.size;
    else if (value instanceof PyDict) this.#budget -= value.entries.size;
    if (this.#budget < 0) refuse('copies its values over and over');
  }

  /** `('storage', class, key, device, length)`, and in old files the part of the storage in use. */
  persistent(id: PyValue): PyValue {
    if (!(id instanceof PyTuple)) return refuse(`refers outside itself by ${kindOf(id)}`);
    const [what, type, key, , length, part] = id.items;
    // Old files keep the source code of a model's class beside it.
    if (what === 'module') return type ?? null;
    if (what !== 'storage' || (typeof key !== 'string' && typeof key !== 'number'))
      return refuse("refers outside itself by a tuple that doesn't name a storage");
    if (!(type instanceof StorageClass)) return refuse(`has a storage of ${kindOf(type)}`);
    const whole = new StorageRef(String(key), type, count(length, 'storage'));
    if (part === undefined || part === null) return whole;
    const [, start, partLength] = items(part);
    return partOf(whole, count(start, 'storage'), count(partLength, 'storage'));
  }

  build(object: PyValue, state: PyValue): void {
    this.#spend(state);
    if (state instanceof PyTuple) for (const item of state.items) this.#spend(item);
    if (buildNumpy(object, state)) return;
    if (object instanceof PyInstance) {
      object.state = state;
      return;
    }
    // Attributes of an unsupported tensor.
    if (object instanceof Unsupported) return;
    if (!(object instanceof PyDict)) throw new Refusal(`sets attributes of ${kindOf(object)}`);
    // A dict's attributes, such as the versions of a model's layers, aren't entries.
    if (!object.isNamespace) return;
    if (!(state instanceof PyDict)) throw new Refusal(`gives a namespace ${kindOf(state)}`);
    for (const [key, value] of state.entries) object.entries.set(key, value);
  }
}

function partOf(whole: StorageRef, start: number, length: number): StorageRef {
  if (start + length > whole.length)
    return refuse(
      `has a part of storage ${whole.key} that ends at ${start + length}, beyond its ${whole.length} elements`,
    );
  return new StorageRef(whole.key, whole.type, length, start);
}

export { DTypeName };
