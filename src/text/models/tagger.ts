import { requireObject } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { cat, type Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { checkTensors } from '../../tensor/argument.js';
import { requireEmbedding, requireSome } from './text-classifier.js';

export interface TaggerOptions {
  /** Units of each direction (default 128). */
  readonly hiddenSize?: number;
  /** Layers of the LSTM over the words (default 2). */
  readonly numLayers?: number;
  /** How many characters there are, padding included; 0 leaves the characters out (default 0). */
  readonly numCharacters?: number;
  /** Size of the characters' vectors (default 32). */
  readonly characterDim?: number;
  /** Units of each direction over the characters of a word (default 64). */
  readonly characterHidden?: number;
  /** Probability of dropping a value of the words' vectors, between layers, and of the outputs (default 0.5). */
  readonly dropout?: number;
}

const taggerOptions = defineOptions({
  hiddenSize: whole(128, { least: 1 }),
  numLayers: whole(2, { least: 1 }),
  numCharacters: whole(0, { least: 0 }),
  characterDim: whole(32, { least: 1 }),
  characterHidden: whole(64, { least: 1 }),
  dropout: number(0.5, { least: 0, most: 1 }),
});

/** The characters of a batch's words, one row per word, padded at the end, and the row of each place in the batch. */
export interface Spelling {
  /** @shape (W, C), int32 */
  readonly characters: Tensor;
  /** The number of characters of each word. */
  readonly lengths: readonly number[];
  /** @shape (N, L), int32: row of `characters` for each word */
  readonly words: Tensor;
}

/**
 * Labels every word of a sentence: a bidirectional LSTM reads each word as its vector and, to judge words it has never
 * seen, as what a second bidirectional LSTM makes of its characters.
 *
 * x_t = [e(w_t); h→(characters of w_t); h←(characters of w_t)], logits_t = W · [h→_t; h←_t] + b
 *
 * @shape ids (N, L), int32, lengths (N) → logits (N, L, numTags)
 * @source notes 5.5 (token-level predictions) and 5.8; Ling et al. 2015, arXiv:1508.02096
 */
export class Tagger extends nn.Module {
  readonly characters: nn.Embedding | null;
  readonly spelling: nn.LSTM | null;
  readonly dropout: nn.Dropout;
  readonly rnn: nn.LSTM;
  readonly fc: nn.Linear;

  constructor(
    readonly embedding: nn.Embedding,
    numTags: number,
    options?: TaggerOptions,
  ) {
    super();
    requireEmbedding(new.target.name, embedding);
    requireSome(new.target.name, 'numTags', numTags);
    const { hiddenSize, numLayers, numCharacters, characterDim, characterHidden, dropout } = taggerOptions(
      new.target.name,
      options,
    );
    const spelled = numCharacters > 0;
    this.characters = spelled ? new nn.Embedding(numCharacters, characterDim, { paddingIdx: 0 }) : null;
    this.spelling = spelled
      ? new nn.LSTM(characterDim, characterHidden, { batchFirst: true, bidirectional: true })
      : null;
    this.dropout = new nn.Dropout(dropout);
    const features = embedding.embeddingDim + (spelled ? 2 * characterHidden : 0);
    this.rnn = new nn.LSTM(features, hiddenSize, {
      numLayers,
      bidirectional: true,
      batchFirst: true,
      dropout: numLayers > 1 ? dropout : 0,
    });
    this.fc = new nn.Linear(2 * hiddenSize, numTags);
  }

  /** What the LSTM over the characters makes of each place of the batch. @shape (N, L, 2 · characterHidden) */
  private spelled({ characters, lengths, words }: Spelling): Tensor {
    const [, [h]] = this.spelling!.forward(this.characters!.forward(characters), null, { lengths });
    const each = cat(h.unbind(0), 1); // (W, 2 · characterHidden)
    return each.indexSelect(0, words.flatten()).unflatten(0, words.shape);
  }

  /** The words as the LSTM reads them. @shape (N, L, features) */
  private read(ids: Tensor, spelling: Spelling | undefined): Tensor {
    if (this.spelling === null) return this.embedding.forward(ids);
    if (spelling === undefined) throw new ArgumentError('Tagger', 'it reads characters: pass a spelling');
    requireObject('Tagger', 'spelling', spelling);
    const { characters, words } = spelling;
    checkTensors('Tagger', { 'spelling.characters': characters, 'spelling.words': words });
    return cat([this.embedding.forward(ids), this.spelled(spelling)], 2);
  }

  /** @param spelling needed if there are characters */
  override forward(ids: Tensor, lengths: readonly number[], spelling?: Spelling): Tensor {
    const x = this.dropout.forward(this.read(ids, spelling));
    const [output] = this.rnn.forward(x, null, { lengths });
    return this.fc.forward(this.dropout.forward(output));
  }

  /** What goes into the LSTM, and the states of each of its layers. @shape (N, L, features), (N, L, 2 · hiddenSize) … */
  layers(ids: Tensor, lengths: readonly number[], spelling?: Spelling): Tensor[] {
    const x = this.read(ids, spelling);
    const directions = this.rnn.gates(x, null, { lengths }).map(({ o, c }) => o.mul(c.tanh()));
    const layers = Array.from({ length: this.rnn.numLayers }, (_, k) =>
      cat([directions[2 * k]!, directions[2 * k + 1]!], 2),
    );
    return [x, ...layers];
  }
}
