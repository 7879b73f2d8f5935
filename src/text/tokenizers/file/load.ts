import { requirePath } from '../../../core/arguments.js';
import { describe } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import { requireFiles } from '../../../host/require.js';
import { Tokenizer } from '../tokenizer.js';
import { foreignTokenizer } from './foreign.js';
import { FileNode } from './node.js';
import { ownTokenizer } from './own.js';
import { readAddedTokens, readModel } from './read-model.js';

async function read(operation: string, name: string, bytes: Uint8Array): Promise<Tokenizer> {
  const root = FileNode.parse(operation, name, bytes);
  const model = readModel(root.need('model'));
  const added = readAddedTokens(root, model.tokens);
  const { unknownToken, tokens, node } = model;
  if (
    unknownToken !== undefined &&
    !tokens.has(unknownToken) &&
    !added.some((t) => t.content === unknownToken)
  )
    node.need('unk_token').fail(`is ${describe(unknownToken)}, which isn't in the vocabulary`);
  return ownTokenizer(operation, root, model, added) ?? (await foreignTokenizer(root, model, added));
}

/**
 * The tokenizer of a Hugging Face `tokenizer.json`. Files that are of a kind trained here, such as GPT-2's or BERT's,
 * run on our own code; others run on Hugging Face's library. Their offsets are found by comparing tokens with the text,
 * so the offset of a token that normalization changed beyond recognition may be empty.
 *
 * @param json the file's content as text, or as bytes
 * @throws FileFormatError naming the byte of what is wrong, ArgumentError if it isn't text or bytes
 *
 * @example
 * const trained = await text.WordTokenizer.train(['the cat']);
 * const tokenizer = await text.parseTokenizer(JSON.stringify(trained));
 * tokenizer.encode('the cat').tokens; // ['the', 'cat']
 */
export async function parseTokenizer(json: string | Uint8Array): Promise<Tokenizer> {
  const given: unknown = json;
  if (typeof given !== 'string' && !(given instanceof Uint8Array))
    throw new ArgumentError('parseTokenizer', `json must be text or bytes, got ${describe(given)}`);
  const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given;
  return read('parseTokenizer', 'tokenizer.json', bytes);
}

/**
 * Reads a Hugging Face `tokenizer.json`, as `parseTokenizer` does.
 *
 * @throws FileError if it can't be read, FileFormatError naming the byte of what is wrong, HostError in a browser
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const operation = 'loadTokenizer';
  const files = requireFiles(operation, 'use text.parseTokenizer(json)');
  requirePath(operation, 'path', path);
  return read(operation, path, await files.readLater(operation, path));
}

/**
 * Writes a tokenizer as a Hugging Face `tokenizer.json`, whole or not at all.
 *
 * @throws FileError if it can't be written, HostError in a browser
 */
export function saveTokenizer(path: string, tokenizer: Tokenizer): void {
  const operation = 'saveTokenizer';
  const files = requireFiles(operation, 'use JSON.stringify(tokenizer)');
  requirePath(operation, 'path', path);
  if (!(tokenizer instanceof Tokenizer))
    throw new ArgumentError(operation, `tokenizer must be a Tokenizer, got ${describe(tokenizer)}`);
  files.write(path, `${JSON.stringify(tokenizer)}\n`);
}
