import { joinBytes } from '../../core/bytes.js';
import { defineOptions, instance, whole } from '../../core/options.js';
import { textChunks } from '../../data/chunks.js';
import type { Tensor } from '../../index.js';
import { chunksOf, type TextSource } from '../reading/source.js';
import { Vocab } from '../vocab.js';
import { BinaryRows } from './vector-binary.js';
import { headerOf, isBinary, markOf } from './vector-header.js';
import { TextRows } from './vector-lines.js';
import { type RowReader, VectorTable } from './vector-table.js';

export interface LoadVectorsOptions {
  /** Reads only the first words of the file, which are the most frequent (default: all). */
  readonly maxWords?: number | undefined;
  /** Reads only words of this vocabulary (default: all). */
  readonly only?: Vocab | undefined;
}

const loadOptions = defineOptions({
  maxWords: whole(undefined, { least: 1 }),
  only: instance('a Vocab', (value): value is Vocab => value instanceof Vocab),
});

/** Bytes needed to see whether a file has a header, and what follows it. */
const START = 2 ** 16;

/** Reads vectors in a stream, using memory only for the vectors. */
export async function readVectors(
  operation: string,
  source: TextSource,
  options: LoadVectorsOptions | undefined,
): Promise<{ words: string[]; vectors: Tensor }> {
  const { maxWords, only } = loadOptions(operation, options);
  const { name, chunks } = chunksOf(operation, source);
  const table = new VectorTable(operation, name, maxWords, only);
  let reader: RowReader | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  const take = (isLast: boolean): void => {
    reader ??= readerOf(rest, table);
    rest = rest.subarray(reader.read(rest, isLast));
  };
  for await (const chunk of textChunks(operation, name, chunks(), { expected: 'word vectors' })) {
    rest = rest.length === 0 ? chunk : joinBytes([rest, chunk]);
    if (reader === undefined && rest.length < START) continue;
    take(false);
    if (table.isFull) break;
  }
  if (!table.isFull) take(true);
  return table.finish();
}

function readerOf(start: Uint8Array, table: VectorTable): RowReader {
  const header = headerOf(start);
  if (header === null) return new TextRows(table, markOf(start), 1);
  table.expect(header);
  return isBinary(start, header) ? new BinaryRows(table, header) : new TextRows(table, header.end, 2);
}
