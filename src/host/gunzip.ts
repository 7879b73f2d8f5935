/** Unpacks gzip. Throws an Error for incomplete gzip data, and a RangeError for data that unpacks to more than `mostBytes`. */
export interface Gunzip {
  /** The bytes of a whole file. */
  whole(bytes: Uint8Array, mostBytes: number): Uint8Array;
  /** What the first bytes of a file unpack to. */
  start(bytes: Uint8Array, mostBytes: number): Uint8Array;
  /** A file chunk by chunk. */
  stream(chunks: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncIterable<Uint8Array>;
}

/** A stream that isn't complete gzip data. */
export class GzipError extends Error {
  override name = 'GzipError';
}
