import type { Tokenizer as Library } from '../../../third-party/hugging-face.js';
import type { GrowingInts } from '../tables/growing.js';
import { type EncodeOptions, Tokenizer, type TokenizerParts } from '../tokenizer.js';
import { Vocabulary } from '../vocabulary.js';
import { align } from './align.js';
import type { FileNode } from './node.js';
import { checkPattern } from './patterns.js';
import type { AddedToken, FileModel } from './read-model.js';

/** What the library makes of a file, with and without its added tokens. */
interface Libraries {
  readonly whole: Library;
  /** One that reads special tokens in a text like any other text. */
  readonly plain: Library;
}

/** A tokenizer of a file that is of none of the kinds trained here, run by Hugging Face's library. */
class ForeignTokenizer extends Tokenizer {
  readonly #libraries: Libraries;
  readonly #file: object;
  readonly #isByteLevel: boolean;

  /** @internal */
  constructor(parts: TokenizerParts, libraries: Libraries, file: object) {
    super(parts);
    this.#libraries = libraries;
    this.#file = file;
    this.#isByteLevel = JSON.stringify((file as { decoder?: unknown }).decoder ?? null).includes(
      '"ByteLevel"',
    );
  }

  protected encodeWhole(
    text: string,
    { addSpecialTokens, specialTokens }: Required<EncodeOptions>,
    ids: GrowingInts,
    offsets: GrowingInts | null,
  ): void {
    const { whole, plain } = this.#libraries;
    const library = specialTokens === 'tokens' ? whole : plain;
    const encoded = library.encode(text, { add_special_tokens: addSpecialTokens });
    const tokens: string[] = [];
    // A token that isn't in the vocabulary has no number if there's no unknown token either, and is left out.
    for (const [i, id] of (encoded.ids as (number | undefined)[]).entries()) {
      if (id === undefined) continue;
      ids.push(id);
      tokens.push(encoded.tokens[i]!);
    }
    if (offsets !== null) align(text, tokens, this.#isByteLevel, offsets);
  }

  protected join(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.#libraries.whole.decode([...ids]);
  }

  toJSON(): object {
    return this.#file;
  }
}

/** The text that a file is tried out on. */
const trial = 'Hello, world 1';

/** Runs a file with Hugging Face's library. @throws FileFormatError if the library can't, or something in it makes no sense */
export async function foreignTokenizer(
  root: FileNode,
  model: FileModel,
  added: readonly AddedToken[],
): Promise<Tokenizer> {
  const { Tokenizer: Library } = await import('../../../third-party/hugging-face.js');
  const parts = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'];
  for (const part of parts) checkPart(root.get(part));
  const file = {
    ...Object.fromEntries(parts.map((part) => [part, null])),
    added_tokens: [],
    ...(root.value() as { readonly model: object }),
  };
  const json = { ...file, model: { ...file.model, type: model.kind } };
  const config = {
    clean_up_tokenization_spaces: false,
    ...(model.unknownToken === undefined ? {} : { unk_token: model.unknownToken }),
  };
  try {
    const libraries = {
      whole: new Library(json, config),
      plain: new Library({ ...json, added_tokens: [] }, config),
    };
    const special = added.filter((token) => token.special).map(({ content, id }) => [content, id] as const);
    const vocabulary = new Vocabulary([
      ...model.tokens,
      ...added.map(({ content, id }) => [content, id] as const),
    ]);
    const tokenizer = new ForeignTokenizer(
      { vocabulary, specialTokens: new Map(special), startTokens: [], endTokens: [] },
      libraries,
      root.value() as object,
    );
    const { ids } = tokenizer.encode(trial);
    tokenizer.decode(ids);
    return tokenizer;
  } catch (error) {
    return root.fail(`can't be run: ${(error as Error).message}`);
  }
}

/** @throws FileFormatError for pieces of no length, which would never end, and for patterns that might not */
function checkPart(node: FileNode | undefined): void {
  if (node === undefined) return;
  const length = node.get('length');
  if (length !== undefined && !(length.number() >= 1 && Number.isInteger(length.number())))
    length.fail('must be a whole number of at least 1');
  const type = node.get('type')?.value();
  const pattern = type === 'Split' || type === 'Replace' ? node.need('pattern') : node.get('pattern');
  if (pattern !== undefined) checkPattern(pattern);
  for (const list of ['normalizers', 'pretokenizers', 'processors', 'decoders'])
    for (const part of node.get(list)?.items() ?? []) checkPart(part);
}
