import { joinBytes } from '../../core/bytes.js';
import { Gunzip as Unpacker } from '../../third-party/fflate.js';
import { type Gunzip, GzipError } from '../gunzip.js';

function unpack(bytes: Uint8Array, mostBytes: number, isWhole: boolean): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unpacker = new Unpacker((piece) => {
    length += piece.length;
    if (length > mostBytes) throw new RangeError(`unpacks to more than ${mostBytes} bytes`);
    pieces.push(piece);
  });
  unpacker.push(bytes, isWhole);
  return joinBytes(pieces);
}

async function* stream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  const unpacker = new Unpacker((piece) => waiting.push(piece));
  const push = (chunk: Uint8Array, isLast: boolean): Uint8Array[] => {
    waiting = [];
    try {
      unpacker.push(chunk, isLast);
    } catch (cause) {
      throw new GzipError(cause instanceof Error ? cause.message : String(cause));
    }
    return waiting;
  };
  for await (const chunk of chunks) yield* push(chunk, false);
  yield* push(new Uint8Array(), true);
}

export const gunzip: Gunzip = {
  whole: (bytes, mostBytes) => unpack(bytes, mostBytes, true),
  start: (bytes, mostBytes) => unpack(bytes, mostBytes, false),
  stream,
};
