import { ArgumentError } from '../../core/errors.js';
import { type DType, Tensor, tensor } from '../../index.js';
import { elementsNow } from '../../tensor/inspect.js';

/** A tensor on its way between threads: its bytes are moved, not copied. */
interface PackedTensor {
  readonly $tensor: DType;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

const isPacked = (value: object): value is PackedTensor => '$tensor' in value;

const mapItems = (value: object, change: (item: unknown) => unknown): unknown =>
  Array.isArray(value)
    ? value.map(change)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));

const isHolder = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/**
 * Makes an example or a batch ready to leave its thread.
 *
 * @returns what to send, and the memory that moves with it
 * @throws ArgumentError for functions and class instances, which can't be sent
 */
export function pack(value: unknown): { packed: unknown; moved: ArrayBuffer[] } {
  const moved: ArrayBuffer[] = [];
  const visit = (item: unknown): unknown => {
    if (item instanceof Tensor) {
      const data = elementsNow('serveDataset', item, "call setEngine('wasm') in the thread");
      moved.push(data.buffer as ArrayBuffer);
      return { $tensor: item.dtype, shape: item.shape, data } satisfies PackedTensor;
    }
    if (isHolder(item)) return mapItems(item, visit);
    if (
      typeof item === 'function' ||
      (typeof item === 'object' && item !== null && !ArrayBuffer.isView(item))
    )
      throw new ArgumentError(
        'serveDataset',
        `an example holds a ${typeof item === 'function' ? 'function' : item.constructor.name}, which can't be sent to another thread`,
      );
    return item;
  };
  return { packed: visit(value), moved };
}

/** Undoes `pack` in the receiving thread. */
export function unpack(value: unknown): unknown {
  if (!isHolder(value)) return value;
  return isPacked(value)
    ? tensor(value.data as Uint8Array, value.shape, { dtype: value.$tensor })
    : mapItems(value, unpack);
}
