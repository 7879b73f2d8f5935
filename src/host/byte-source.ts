import { requireBytes } from '../core/arguments.js';
/** Where bytes of a file come from, so that only what is needed is read. */
export interface ByteSource {
  /** Shown in errors. */
  readonly name: string;
  readonly size: number;
  /** `length` bytes from `offset`; both lie within the size. */
  read(offset: number, length: number): Uint8Array;
  /** The same bytes in pieces; taking a piece may overwrite the previous one. */
  pieces(offset: number, length: number): Iterable<Uint8Array>;
}

/** @throws ArgumentError unless they are bytes; `operation` is named in it */
export function bytesSource(bytes: Uint8Array, name = 'bytes', operation = name): ByteSource {
  requireBytes(operation, 'the argument', bytes);
  // Of a Buffer, `slice` would be a view.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (offset: number, length: number): Uint8Array => plain.subarray(offset, offset + length);
  return { name, size: plain.length, read, pieces: (offset, length) => [read(offset, length)] };
}
