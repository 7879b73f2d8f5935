import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { type Gunzip, GzipError } from '../gunzip.js';

async function* stream(chunks: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  // Errors reach the reader of the last stage; leaving the loop closes both.
  pipeline(Readable.from(chunks), unpacked, () => {});
  try {
    yield* unpacked;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new GzipError((cause as Error).message);
    throw cause;
  }
}

export const gunzip: Gunzip = {
  whole: (bytes, mostBytes) => gunzipSync(bytes, { maxOutputLength: mostBytes }),
  start: (bytes, mostBytes) =>
    gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes }),
  stream,
};
