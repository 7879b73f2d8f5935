import { type StoredDType, storedTypes } from '../stored.js';
import { quoted, Refusal, refuse } from './fail.js';
import { buildNumpy, numpyGlobals } from './numpy.js';
import { latin1 } from './pickle-text.js';
import { storageClasses, torchDTypes, unknownDTypes, unknownStorages } from './storage-types.js';
import { count, StorageRef, TensorSpec, tensorSpec } from './tensor-spec.js';
import { addTo, hashable, type PickleWorld } from './unpickler.js';
import { kindOf, PyDict, PyGlobal, PyObject, PySet, PyTuple, type PyValue } from './values.js';

/** A class of storages. */
class StorageClass extends PyObject {
  readonly kind = 'a class of storages';

  constructor(readonly stored: StoredDType | null) {
    super();
  }
}

/** A dtype, which reads as its name. */
class DTypeName extends PyObject {
  readonly kind = 'a dtype';

  constructor(readonly name: string) {
    super();
  }
}

/** A class that files name without making an object of it. */
const onlyNamed = (name: string): [string, PyGlobal] => [
  name,
  new PyGlobal(name, () => refuse(`makes an object of ${name}`)),
];

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
        return refuse('makes a dict of something else than pairs');
      dict.entries.set(hashable(key), value);
    }
  return dict;
}

/** Bytes of text in which each character is a byte, how protocols before 3 write them. */
function encode([text, encoding]: readonly PyValue[]): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1'))
    return refuse('encodes something else than characters of a byte');
  return latin1(text);
}

const makeBytes = ([content, encoding]: readonly PyValue[]): Uint8Array => {
  if (content === undefined) return new Uint8Array(0);
  return content instanceof Uint8Array ? content.slice() : encode([content, encoding ?? null]);
};

const makeNamespace = (): PyDict => new PyDict(true);

/** An object of protocols 0 and 1: its class, and `object`, of which it is made. */
function reconstruct([target, base]: readonly PyValue[]): PyValue {
  if (!(target instanceof PyGlobal) || !(base instanceof PyGlobal) || !base.name.endsWith('.object'))
    return refuse('makes an object of a class that is not allowed');
  return target.call([]);
}

const dtypeOf = (value: PyValue | undefined): StoredDType => {
  if (!(value instanceof DTypeName)) return refuse(`has a tensor whose dtype is ${kindOf(value)}`);
  return Object.hasOwn(torchDTypes, value.name)
    ? torchDTypes[value.name]!
    : refuse(`has a tensor of ${value.name}, which Myelin has no dtype for`);
};

const rebuildTensor = ([storage, offset, shape, strides, requiresGrad]: readonly PyValue[]): TensorSpec =>
  tensorSpec(storage, offset, shape, strides, requiresGrad === true);

const rebuildTyped = ([
  storage,
  offset,
  shape,
  strides,
  requiresGrad,
  ,
  dtype,
]: readonly PyValue[]): TensorSpec =>
  tensorSpec(storage, offset, shape, strides, requiresGrad === true, dtypeOf(dtype));

function rebuildParameter([data, requiresGrad]: readonly PyValue[]): TensorSpec {
  if (!(data instanceof TensorSpec)) return refuse(`has a parameter of ${kindOf(data)}`);
  const { storage, stored, shape, strides, offset } = data;
  return new TensorSpec(storage, stored, shape, strides, offset, requiresGrad === true, true);
}

/** A tensor with attributes of its own, which are left out. */
function rebuildFromType([rebuild, , args]: readonly PyValue[]): PyValue {
  const allowed = rebuild instanceof PyGlobal && rebuild.name.startsWith('torch._utils._rebuild_');
  if (!allowed || !(args instanceof PyTuple)) return refuse('rebuilds something else than a tensor');
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
  'builtins.complex': () => refuse('has a complex number, which JavaScript cannot hold'),
  '_codecs.encode': encode,
  'copyreg._reconstructor': reconstruct,
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

/** Everything that a file may name. */
const known: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ...Object.entries(functions).map(([name, call]): [string, PyGlobal] => [name, new PyGlobal(name, call)]),
  ...['object', 'int', 'float', 'str', 'bool'].map((name) => onlyNamed(`builtins.${name}`)),
  ...['torch.Tensor', 'torch.nn.parameter.Parameter', 'torch.nn.parameter.Buffer'].map(onlyNamed),
  ...Object.entries(storageClasses).flatMap(([name, stored]): [string, PyValue][] =>
    ['torch', 'torch.cuda'].map((module) => [`${module}.${name}`, new StorageClass(stored)]),
  ),
  ['torch.storage.UntypedStorage', new StorageClass(null)],
  ...[...Object.keys(torchDTypes), ...unknownDTypes].map((name): [string, PyValue] => [
    `torch.${name}`,
    new DTypeName(name),
  ]),
  ...numpyGlobals,
]);

/** Names of Python 2, which PyTorch's protocol 2 writes, in those of Python 3. */
const renamed: Readonly<Record<string, string>> = { __builtin__: 'builtins', copy_reg: 'copyreg' };

const moduleOfPython3 = (module: string): string =>
  Object.hasOwn(renamed, module) ? renamed[module]! : module;

const stateDictHint = "save the weights only: torch.save(model.state_dict(), 'model.pt')";

function unknown(module: string, name: string): never {
  const full = quoted(`${module}.${name}`).slice(1, -1);
  if (module.startsWith('torch.nn.modules.') || module.startsWith('torchvision.models.'))
    return refuse(`holds a whole model (class ${full}), whose code Myelin does not have; ${stateDictHint}`);
  if (module.startsWith('torch') && unknownStorages.has(name))
    return refuse(`has a tensor in a ${full}; complex and quantized tensors are not read`);
  if (module === 'torch.storage' && name === '_load_from_bytes')
    return refuse('has tensors that pickle.dump wrote; write them with torch.save');
  return refuse(
    `names ${full}, which is not among the classes that are read, and nothing is executed; if it is a whole model, ${stateDictHint}`,
  );
}

/** Copies that the constructors may make, for each byte of the file. */
const COPIES = 16;

/** What pickles of PyTorch refer to, and nothing else. */
export class TorchWorld implements PickleWorld {
  #budget: number;

  /** @param bytes size of the file: what is made of it is bounded by it */
  constructor(bytes: number) {
    this.#budget = COPIES * bytes + 1000;
  }

  find(module: string, name: string): PyValue {
    const global = known.get(`${moduleOfPython3(module)}.${name}`);
    if (global === undefined) return unknown(module, name);
    return global instanceof PyGlobal ? this.#watched(global) : global;
  }

  /** The same, refusing when a small file makes ever more copies of one collection. */
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

  /** `('storage', class, key, device, length)`, and in old files the part of it that is meant. */
  persistent(id: PyValue): PyValue {
    if (!(id instanceof PyTuple)) return refuse(`refers outside of itself by ${kindOf(id)}`);
    const [what, type, key, , length, part] = id.items;
    if (what === 'module')
      return refuse(`holds a whole model, whose code Myelin does not have; ${stateDictHint}`);
    if (what !== 'storage' || (typeof key !== 'string' && typeof key !== 'number'))
      return refuse('refers outside of itself by a tuple that names no storage');
    if (!(type instanceof StorageClass)) return refuse(`has a storage of ${kindOf(type)}`);
    const whole = new StorageRef(String(key), type.stored, count(length, 'storage'));
    if (part === undefined || part === null) return whole;
    const [, start, partLength] = items(part);
    return partOf(whole, count(start, 'storage'), count(partLength, 'storage'));
  }

  build(object: PyValue, state: PyValue): void {
    this.#spend(state);
    if (state instanceof PyTuple) for (const item of state.items) this.#spend(item);
    if (buildNumpy(object, state)) return;
    if (!(object instanceof PyDict)) throw new Refusal(`sets attributes of ${kindOf(object)}`);
    // Attributes of a dict, such as the versions of a model's layers, are no entries of it.
    if (!object.isNamespace) return;
    if (!(state instanceof PyDict)) throw new Refusal(`gives a namespace ${kindOf(state)}`);
    for (const [key, value] of state.entries) object.entries.set(key, value);
  }
}

function partOf(whole: StorageRef, start: number, length: number): StorageRef {
  if (whole.stored === null || start + length > whole.length)
    return refuse(
      `has a part of storage ${whole.key} that ends at ${start + length}, beyond its ${whole.length} elements`,
    );
  return new StorageRef(whole.key, whole.stored, length, start);
}

/** The bytes that a storage is said to have, its parts before it included. */
export const bytesOf = ({ stored, start, length }: StorageRef): number =>
  (start + length) * (stored === null ? 1 : storedTypes[stored].bytes);

export { DTypeName };
