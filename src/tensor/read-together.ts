import type { TypedArray } from '../core/dtype.js';
import { contiguousStrides } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { empty, type Tensor, view } from './tensor.js';

interface Request {
  readonly tensor: Tensor;
  readonly deliver: (elements: TypedArray | Promise<TypedArray>) => void;
}

/** What each engine will be asked for when the current turn ends. */
const requests = new WeakMap<Engine, Request[]>();

/**
 * The elements of tensors, which must live until the turn ends. If results arrive later, everything that's requested in
 * one turn takes one read of the engine, and integers may arrive as floating-point numbers.
 */
export const readTogether = (tensors: readonly Tensor[]): Promise<readonly TypedArray[]> =>
  Promise.all(tensors.map((x) => (x.engine.synchronous || x.isDisposed ? x.data() : request(x))));

function request(tensor: Tensor): Promise<TypedArray> {
  const { engine } = tensor;
  return new Promise((deliver) => {
    const waiting = requests.get(engine);
    if (waiting !== undefined) {
      waiting.push({ tensor, deliver });
      return;
    }
    requests.set(engine, [{ tensor, deliver }]);
    queueMicrotask(() => {
      const all = requests.get(engine)!;
      requests.delete(engine);
      answer(engine, all);
    });
  });
}

function answer(engine: Engine, all: readonly Request[]): void {
  if (all.length === 1 || all.some(({ tensor }) => tensor.isDisposed)) {
    for (const { tensor, deliver } of all) deliver(tensor.data());
    return;
  }
  const tensors = all.map(({ tensor }) => tensor);
  const read = readJoined(engine, tensors);
  let start = 0;
  for (const { tensor, deliver } of all) {
    const from = start;
    start += tensor.count;
    deliver(read.then((elements) => elements.subarray(from, from + tensor.count)));
  }
}

/** The elements of several tensors as one list. */
async function readJoined(engine: Engine, tensors: readonly Tensor[]): Promise<TypedArray> {
  const { dtype } = tensors[0]!;
  const length = tensors.reduce((sum, x) => sum + x.count, 0);
  const list = empty([length], tensors.every((x) => x.dtype === dtype) ? dtype : 'float64', engine);
  let start = 0;
  for (const x of tensors) {
    engine.copy(view(list, x.shape, contiguousStrides(x.shape), start), x);
    start += x.count;
  }
  const elements = list.data();
  list.dispose();
  return elements;
}
