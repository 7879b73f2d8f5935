import { requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import type { Resolved } from '../../core/options.js';
import { lineBlocks } from './lines.js';
import {
  chunksOf,
  type ReadOptions,
  readOptions,
  type readSpec,
  TextFileError,
  type TextSource,
} from './source.js';

/** What a word and an empty node have in common; null where the file has `_`. */
interface Annotation {
  /** The word as it's written. */
  readonly form: string;
  readonly lemma: string | null;
  /** Universal part of speech: `NOUN`, `VERB`, … */
  readonly upos: string | null;
  /** The language's own part of speech: `NNS`, `VBD`, … */
  readonly xpos: string | null;
  /** Morphology as written, `Number=Sing|Person=3`; `parseFeatures` takes it apart. */
  readonly feats: string | null;
  /** Edges of the enhanced graph as written: `4:nmod|7:nsubj`. */
  readonly deps: string | null;
  readonly misc: string | null;
}

/** A word of a sentence; words are numbered from 1. */
export interface ConlluWord extends Annotation {
  /** Number of the word that it depends on; 0 for the root. */
  readonly head: number | null;
  /** What kind of dependent it is: `nsubj`, `obj`, … */
  readonly deprel: string | null;
}

/** Words that are written as one: `don't` is words 2 to 3, `do` and `n't`. */
export interface ConlluMultiword {
  readonly first: number;
  readonly last: number;
  readonly form: string;
  readonly misc: string | null;
}

/** A word that isn't written but belongs to the enhanced graph: number `place` after word `after`. */
export interface ConlluEmptyNode extends Annotation {
  readonly after: number;
  readonly place: number;
}

export interface ConlluSentence {
  /** Lines that begin with `#`, without it and the blanks around. */
  readonly comments: readonly string[];
  readonly words: readonly ConlluWord[];
  readonly multiwords: readonly ConlluMultiword[];
  readonly emptyNodes: readonly ConlluEmptyNode[];
  /** Line where it begins, from 1. */
  readonly line: number;
}

const orNull = (field: string): string | null => (field === '_' ? null : field);

/** Collects the lines of a sentence. */
class SentenceReader {
  #comments: string[] = [];
  #words: ConlluWord[] = [];
  #multiwords: ConlluMultiword[] = [];
  #emptyNodes: ConlluEmptyNode[] = [];
  #first = 0;
  /** Lines of words with a head, checked when all words are there. */
  #heads: { readonly line: number; readonly head: number }[] = [];

  constructor(
    readonly operation: string,
    readonly file: string,
  ) {}

  fail(line: number, problem: string): never {
    throw new TextFileError(this.operation, this.file, 0, line, problem);
  }

  get isEmpty(): boolean {
    return this.#first === 0;
  }

  add(text: string, line: number): void {
    if (this.isEmpty) this.#first = line;
    if (text.startsWith('#')) {
      this.#comments.push(text.slice(1).trim());
      return;
    }
    const fields = text.split('\t');
    if (fields.length !== 10)
      this.fail(
        line,
        `has ${fields.length} ${fields.length === 1 ? 'column' : 'columns'}; CoNLL-U has 10, separated by tabs`,
      );
    const [id, form] = fields as [string, string];
    const empty = fields.indexOf('');
    if (empty >= 0) this.fail(line, `column ${empty + 1} is empty; CoNLL-U has _ for what isn't known`);
    if (/^\d+$/.test(id)) this.#addWord(fields, line);
    else if (/^\d+-\d+$/.test(id)) this.#addMultiword(id, form, orNull(fields[9]!), line);
    else if (/^\d+\.\d+$/.test(id)) this.#addEmptyNode(fields, line);
    else this.fail(line, `${JSON.stringify(id)} isn't a word's number, a range, or an empty node's number`);
  }

  #addWord(fields: readonly string[], line: number): void {
    const wanted = this.#words.length + 1;
    if (Number(fields[0]) !== wanted) this.fail(line, `word ${fields[0]} comes where word ${wanted} should`);
    const head = fields[6] === '_' ? null : Number(fields[6]);
    if (head !== null) {
      if (!/^\d+$/.test(fields[6]!)) this.fail(line, `the head ${JSON.stringify(fields[6])} isn't a number`);
      this.#heads.push({ line, head });
    }
    this.#words.push({ ...annotation(fields), head, deprel: orNull(fields[7]!) });
  }

  #addMultiword(id: string, form: string, misc: string | null, line: number): void {
    const [first, last] = id.split('-').map(Number) as [number, number];
    if (first !== this.#words.length + 1 || last < first || first <= (this.#multiwords.at(-1)?.last ?? 0))
      this.fail(line, `the range ${id} must stand right before word ${first}, and not overlap another`);
    this.#multiwords.push({ first, last, form, misc });
  }

  #addEmptyNode(fields: readonly string[], line: number): void {
    const [after, place] = fields[0]!.split('.').map(Number) as [number, number];
    const before = this.#emptyNodes.at(-1);
    const wanted = before?.after === after ? before.place + 1 : 1;
    if (after !== this.#words.length || place !== wanted)
      this.fail(line, `the empty node ${fields[0]} must follow word ${after}, and be number ${wanted} there`);
    this.#emptyNodes.push({ ...annotation(fields), after, place });
  }

  /** The sentence that the lines so far make. @param line the one after its last */
  finish(line: number): ConlluSentence {
    if (this.#words.length === 0) this.fail(line - 1, 'a sentence of comments alone, without words');
    const wrong = this.#heads.find(({ head }) => head > this.#words.length);
    if (wrong)
      this.fail(
        wrong.line,
        `the head ${wrong.head} isn't one of the sentence's ${plural(this.#words.length, 'word')}`,
      );
    const open = this.#multiwords.at(-1);
    if (open && open.last > this.#words.length)
      this.fail(
        line - 1,
        `the range ${open.first}-${open.last} goes beyond the sentence's ${plural(this.#words.length, 'word')}`,
      );
    const sentence = {
      comments: this.#comments,
      words: this.#words,
      multiwords: this.#multiwords,
      emptyNodes: this.#emptyNodes,
      line: this.#first,
    };
    this.#comments = [];
    this.#words = [];
    this.#multiwords = [];
    this.#emptyNodes = [];
    this.#heads = [];
    this.#first = 0;
    return sentence;
  }
}

const annotation = (fields: readonly string[]): Annotation => ({
  form: fields[1]!,
  lemma: orNull(fields[2]!),
  upos: orNull(fields[3]!),
  xpos: orNull(fields[4]!),
  feats: orNull(fields[5]!),
  deps: orNull(fields[8]!),
  misc: orNull(fields[9]!),
});

/**
 * The sentences of a CoNLL-U file one by one, with all ten columns, comments, words written as one, and empty nodes.
 *
 * @param source a path, bytes, or a file of a data set; gzipped or not
 * @throws TextFileError naming the line: not ten columns, a number out of order, a head that isn't a word, a file that
 * ends in the middle of a line
 * @throws like `readLines`
 * @source https://universaldependencies.org/format.html
 * @example
 * const file = new TextEncoder().encode(
 *   '1\tIt\tit\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n2\trains\train\tVERB\tVBZ\t_\t0\troot\t_\t_\n\n',
 * );
 * for await (const { words } of text.readConllu(file))
 *   console.log(words.map(({ form, upos }) => `${form}/${upos}`).join(' ')); // It/PRON rains/VERB
 */
export function readConllu(source: TextSource, options?: ReadOptions): AsyncGenerator<ConlluSentence, void> {
  const read = readOptions('readConllu', options);
  const { name } = chunksOf('readConllu', source);
  return sentencesOf('readConllu', name, source, read);
}

export async function* sentencesOf(
  operation: string,
  name: string,
  source: TextSource,
  options: Resolved<typeof readSpec>,
): AsyncGenerator<ConlluSentence, void> {
  const reader = new SentenceReader(operation, name);
  let line = 0;
  for await (const { lines, first } of lineBlocks(operation, source, options, 'a CoNLL-U file'))
    for (const [i, text] of lines.entries()) {
      line = first + i;
      if (text.trim() !== '') reader.add(text, line);
      else if (!reader.isEmpty) yield reader.finish(line);
    }
  if (!reader.isEmpty) yield reader.finish(line + 1);
}

/**
 * The features of a word by name: `Number=Sing|Person=3` → Number: Sing, Person: 3.
 *
 * @throws ArgumentError for a part without `=`
 */
export function parseFeatures(features: string | null): ReadonlyMap<string, string> {
  if (features === null) return new Map();
  requireText('parseFeatures', 'features', features);
  return new Map(
    features.split('|').map((part) => {
      const at = part.indexOf('=');
      if (at < 1)
        throw new ArgumentError('parseFeatures', `${JSON.stringify(part)} isn't a feature like Number=Sing`);
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}
