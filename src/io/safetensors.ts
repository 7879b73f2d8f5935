import { isPlainObject } from '../core/describe.js';
import { callback, defineOptions, either, instance } from '../core/options.js';
import { type ByteSource, bytesSource } from '../host/byte-source.js';
import { type Tensor, tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';
import { requireNamedTensors } from './named-tensors.js';
import { readElements, readHeader, serialize, type TensorContent } from './safetensors-format.js';
import { type StoredDType, storedDType } from './stored.js';
import { setReadable } from './unsupported.js';

export interface SerializeOptions {
  /** Text saved with the tensors, such as where they come from. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Element type in the file, for all tensors or by name (default: the tensor's). */
  readonly dtype?: StoredDType | ((name: string, x: Tensor) => StoredDType | undefined);
}

type DTypeOf = (name: string, x: Tensor) => StoredDType | undefined;

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isPlainObject(value) && Object.values(value).every((text) => typeof text === 'string');

/** Reads `SerializeOptions`. */
export const serializeOptions = defineOptions({
  dtype: either<StoredDType | undefined, DTypeOf | undefined>(storedDType, callback<DTypeOf>()),
  metadata: instance('an object of strings', isTexts),
});

/** Tensors by name, and the text saved with them. */
export interface Safetensors {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Tensors and metadata of a source. */
export function readSafetensors(source: ByteSource): Safetensors {
  const header = readHeader(source);
  const tensors: Record<string, Tensor> = {};
  for (const record of header.tensors)
    setReadable(tensors, record.name, () => {
      const { dtype, data } = readElements(source, record);
      return tensor(data, record.shape, { dtype });
    });
  return { tensors, metadata: header.metadata };
}

/**
 * Reads the bytes of a safetensors file. float16 and bfloat16 become float32, and all integers except
 * bytes become int32.
 *
 * @throws FileFormatError naming the byte; for a tensor that isn't supported, when you access it
 */
export const parseSafetensors = (bytes: Uint8Array, name?: string): Safetensors =>
  readSafetensors(bytesSource(bytes, name, 'parseSafetensors'));

/** What goes into a file: a snapshot of the tensors at the time of the call. */
export function contents(
  operation: string,
  tensors: Readonly<Record<string, Tensor>>,
  dtype: SerializeOptions['dtype'],
): Promise<TensorContent[]> {
  return Promise.all(
    Object.entries(tensors).map(async ([name, x]) => {
      checkTensors(operation, { [name]: x });
      const stored = typeof dtype === 'function' ? dtype(name, x) : dtype;
      const content = { name, dtype: x.dtype, shape: x.shape, data: await x.data() };
      return stored === undefined ? content : { ...content, stored };
    }),
  );
}

/** The bytes of a safetensors file. */
export async function serializeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  options?: SerializeOptions,
): Promise<Uint8Array> {
  requireNamedTensors('serializeSafetensors', tensors);
  const { dtype, metadata } = serializeOptions('serializeSafetensors', options);
  const chunks = [...serialize(await contents('serializeSafetensors', tensors, dtype), metadata)];
  const bytes = new Uint8Array(chunks.reduce((n, chunk) => n + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
