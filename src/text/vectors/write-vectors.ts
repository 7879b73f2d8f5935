import { requirePath } from '../../core/arguments.js';
import { ArgumentError, NonFiniteError } from '../../core/errors.js';
import { defineOptions, word } from '../../core/options.js';
import { requireFiles } from '../../host/require.js';
import type { WordTable } from './word-table.js';

export interface SaveVectorsOptions {
  /**
   * `glove`: a line for each word; `word2vec`: the same after a line with the number of words and of numbers; `binary`:
   * word2vec's binary format (default: `binary` if the path ends in .bin, else `glove`).
   */
  readonly format?: 'glove' | 'word2vec' | 'binary' | undefined;
}

const saveOptions = defineOptions({ format: word(['glove', 'word2vec', 'binary'], undefined) });

/** Words in a piece of the file. */
const PIECE = 1024;

/** The shortest decimal that reads back as the same float32. */
function decimal(x: number): string {
  const short = Number(x.toPrecision(7));
  return String(Math.fround(short) === x ? short : Number(x.toPrecision(9)));
}

type Piece = { readonly words: readonly string[]; readonly values: Float32Array };

function textPiece({ words, values }: Piece, dim: number): Uint8Array {
  let lines = '';
  words.forEach((word, i) => {
    lines += word;
    for (let k = i * dim; k < (i + 1) * dim; k++) lines += ` ${decimal(values[k]!)}`;
    lines += '\n';
  });
  return new TextEncoder().encode(lines);
}

function binaryPiece({ words, values }: Piece, dim: number): Uint8Array {
  const names = words.map((word) => new TextEncoder().encode(`${word} `));
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + name.length + 4 * dim + 1, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  names.forEach((name, i) => {
    bytes.set(name, at);
    at += name.length;
    for (let k = i * dim; k < (i + 1) * dim; k++, at += 4) view.setFloat32(at, values[k]!, true);
    bytes[at++] = 0x0a;
  });
  return bytes;
}

export async function writeVectors(
  operation: string,
  path: string,
  { vocab, vectors, dim }: WordTable,
  options: SaveVectorsOptions | undefined,
): Promise<void> {
  const files = requireFiles(operation, 'use vectors.vectors and vectors.vocab');
  requirePath(operation, 'the path', path);
  const { format = path.endsWith('.bin') ? 'binary' : 'glove' } = saveOptions(operation, options);
  const blank = vocab.itos.find((token) => /\s/.test(token) || token === '');
  if (blank !== undefined)
    throw new ArgumentError(
      operation,
      `the format can't hold the word ${JSON.stringify(blank)}, which is empty or has blanks`,
    );
  const values = (await vectors.data()) as Float32Array;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const word = JSON.stringify(vocab.itos[Math.floor(wrong / dim)]);
    throw new NonFiniteError(operation, `the vector of ${word} has ${values[wrong]}; nothing was written`);
  }
  function* pieces(): Generator<Uint8Array> {
    if (format !== 'glove') yield new TextEncoder().encode(`${vocab.length} ${dim}\n`);
    for (let first = 0; first < vocab.length; first += PIECE) {
      const words = vocab.itos.slice(first, first + PIECE);
      const piece = { words, values: values.subarray(first * dim, (first + words.length) * dim) };
      yield format === 'binary' ? binaryPiece(piece, dim) : textPiece(piece, dim);
    }
  }
  files.write(path, pieces());
}
